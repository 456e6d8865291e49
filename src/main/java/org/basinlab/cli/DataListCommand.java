package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Listing;
import org.basinlab.dataset.Publication;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code basinlab data list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the data sets that a study can name: where each was found, whether it is what was published, its digest",
            "and its licence. Reads and checks what it finds, one data set after the other."
        },
        footer = {"", "Examples:", "  basinlab data list", "  basinlab data list --data-dir ~/data --json"})
final class DataListCommand implements Callable<Integer> {

    private static final int SHORT = 12;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    /** One data set in the document. */
    private record Entry(
            String name,
            int train,
            int test,
            int classes,
            String place,
            long bytes,
            Optional<String> digest,
            boolean official,
            String licence,
            Optional<String> advice) {

        static Entry of(Listing listing) {
            return new Entry(
                    listing.name().label(),
                    listing.images(Split.TRAIN),
                    listing.images(Split.TEST),
                    listing.classes(),
                    listing.place(),
                    listing.bytes(),
                    listing.digest(),
                    listing.official(),
                    Publication.licence(listing.name()),
                    listing.advice());
        }
    }

    @Override
    public Integer call() {
        DataSets sets = new DataSets(shared.dataPlaces());
        List<Listing> listings =
                Arrays.stream(KnownDataset.values()).map(sets::inspect).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(listings.stream().map(Entry::of).toList()));
            return ExitCode.DONE;
        }
        table(listings).print(out);
        for (Listing listing : listings) {
            advice(listing)
                    .ifPresent(advice ->
                            out.println("%s: %s".formatted(listing.name().label(), advice)));
        }
        return ExitCode.DONE;
    }

    private static TextTable table(List<Listing> listings) {
        TextTable table =
                new TextTable("name", ">train", ">test", ">classes", "content", ">size", "digest", "licence", "place");
        for (Listing listing : listings) {
            table.add(List.of(
                    listing.name().label(),
                    Integer.toString(listing.images(Split.TRAIN)),
                    Integer.toString(listing.images(Split.TEST)),
                    Integer.toString(listing.classes()),
                    content(listing),
                    listing.bytes() == 0 ? "–" : Sizes.bytes(listing.bytes()),
                    listing.digest()
                            .map(digest -> digest.substring(0, SHORT) + "…")
                            .orElse("–"),
                    Publication.licence(listing.name()),
                    listing.place()));
        }
        return table;
    }

    private static String content(Listing listing) {
        if (!listing.found()) {
            return "missing";
        }
        if (listing.digest().isEmpty()) {
            return "damaged";
        }
        return listing.official() ? "official" : "variant";
    }

    /** In a list a missing data set is no fault: one line says how to get it. */
    private static Optional<String> advice(Listing listing) {
        if (listing.found()) {
            return listing.advice();
        }
        return Publication.find(listing.name())
                .map(published -> "basinlab data fetch %s downloads it (%s), or name its folder with --data-dir"
                        .formatted(listing.name().label(), Sizes.bytes(published.bytes())));
    }
}
