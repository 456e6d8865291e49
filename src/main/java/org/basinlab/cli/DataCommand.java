package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Listing;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Split;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code basinlab data}: the data sets of this machine. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Data sets: what there is and where.",
        subcommands = DataCommand.ListCommand.class,
        footer = {"", "Examples:", "  basinlab data list", "  basinlab data list --data-dir ~/data"})
final class DataCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** {@code basinlab data list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the data sets that a study can name, and where each was found.")
    static final class ListCommand implements Callable<Integer> {

        @Mixin
        private SharedOptions shared;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            List<Listing> listings = new DataSets(shared.dataPlaces()).list();
            PrintWriter out = spec.commandLine().getOut();
            if (shared.json()) {
                out.println(CanonicalJson.write(listings));
                return ExitCode.DONE;
            }
            print(listings, out);
            return ExitCode.DONE;
        }

        private static String content(Listing listing) {
            if (listing.digest().isEmpty()) {
                return "not read yet";
            }
            return listing.official() ? "official" : "variant";
        }

        private static void print(List<Listing> listings, PrintWriter out) {
            TextTable table = new TextTable("name", ">train", ">test", ">classes", "place", "content", "digest");
            for (Listing listing : listings) {
                table.add(List.of(
                        listing.name().label(),
                        Integer.toString(listing.images(Split.TRAIN)),
                        Integer.toString(listing.images(Split.TEST)),
                        Integer.toString(listing.classes()),
                        listing.place(),
                        content(listing),
                        listing.digest().orElse("")));
            }
            table.print(out);
            listings.forEach(listing -> listing.advice()
                    .ifPresent(advice ->
                            out.println("%s: %s".formatted(listing.name().label(), advice))));
        }
    }
}
