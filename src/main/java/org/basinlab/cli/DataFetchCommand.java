package org.basinlab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Fetching;
import org.basinlab.dataset.Listing;
import org.basinlab.dataset.Publication;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab data fetch}. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        description = {
            "Downloads a data set from where it was published: cifar10, cifar100, mnist or fashion-mnist.",
            "An interrupted download goes on where it stopped. Every file is held against its published SHA-256 before it",
            "gets its name."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab data fetch mnist",
            "  basinlab data fetch cifar10 --to ~/data",
            "  basinlab data fetch cifar100 --mirror https://mirror.example.org/datasets/"
        })
final class DataFetchCommand implements Callable<Integer> {

    private static final String MIRROR = "basinlab.mirror";
    private static final String MIRROR_VARIABLE = "BASINLAB_MIRROR";

    @Parameters(paramLabel = "NAME", description = "The data set.")
    private String name;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Where it is put, and found by --data-dir DIR (default: data in the data home).")
    private @Nullable Path to;

    @Option(
            names = "--mirror",
            paramLabel = "URL",
            description = "Where the published files lie, by name or in a folder of the data set's name (default:"
                    + " $BASINLAB_MIRROR, or the official place).")
    private @Nullable String mirror;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    private record FetchedFile(String path, long bytes, String sha256, boolean wasThere) {}

    private record Document(
            String name, String place, Optional<String> digest, boolean official, List<FetchedFile> files) {}

    @Override
    public Integer call() {
        KnownDataset wanted = Choices.dataset("NAME", name);
        Optional<Publication> publication = Publication.find(wanted);
        if (publication.isEmpty()) {
            say(new DataSets(List.of()).inspect(wanted), List.of());
            return ExitCode.DONE;
        }
        Fetching fetching = fetching();
        if (to == null) {
            Listing there = new DataSets(shared.dataPlaces()).inspect(wanted);
            if (there.official()) {
                say(there, List.of());
                return ExitCode.DONE;
            }
            if (there.found()) {
                note("%s holds %s, but %s"
                        .formatted(there.place(), name, there.advice().orElse("not as it was published: a variant")));
            }
        }
        fetch(publication.get(), fetching);
        return ExitCode.DONE;
    }

    private Fetching fetching() {
        Optional<String> from = Stream.of(
                        Optional.ofNullable(mirror),
                        Optional.ofNullable(System.getProperty(MIRROR)),
                        Optional.ofNullable(System.getenv(MIRROR_VARIABLE)))
                .flatMap(Optional::stream)
                .filter(text -> !text.isBlank())
                .findFirst();
        try {
            return new Fetching(from);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "%s: %s".formatted(mirror == null ? MIRROR_VARIABLE : "--mirror", e.getMessage()), e);
        }
    }

    private void fetch(Publication publication, Fetching fetching) {
        Path place = to == null
                ? shared.dataHome().resolve("data")
                : to.toAbsolutePath().normalize();
        String what = "fetching %s (%s)".formatted(name, Sizes.bytes(publication.bytes()));
        List<Fetching.Fetched> files;
        try (ProgressLine progress = new ProgressLine(what, spec.commandLine().getErr())) {
            files = fetching.fetch(publication, place, progress);
        }
        Listing listing = new DataSets(List.of(place)).inspect(publication.name());
        listing.advice().ifPresent(fault -> {
            throw new UnusableException(fault);
        });
        if (!listing.official()) {
            note("%s holds other files of %s too, and these are found first".formatted(listing.place(), name));
        }
        say(listing, files);
    }

    private void say(Listing listing, List<Fetching.Fetched> files) {
        PrintWriter out = spec.commandLine().getOut();
        List<FetchedFile> each = files.stream()
                .map(file -> new FetchedFile(
                        file.path().toString(), file.file().bytes(), file.file().sha256(), file.wasThere()))
                .toList();
        if (shared.json()) {
            out.println(CanonicalJson.write(
                    new Document(name, listing.place(), listing.digest(), listing.official(), each)));
            return;
        }
        each.forEach(file -> out.println("%s  %s  sha256 %s%s"
                .formatted(
                        file.path(), Sizes.bytes(file.bytes()), file.sha256(), file.wasThere() ? "  was there" : "")));
        boolean nothingDone = each.stream().allMatch(FetchedFile::wasThere);
        out.println("%s %s: %s, %s, digest %s"
                .formatted(
                        name,
                        nothingDone ? "is already there" : "is there now",
                        listing.place(),
                        listing.official() ? "official" : "variant",
                        listing.digest().orElse("unknown")));
    }

    private void note(String text) {
        spec.commandLine().getErr().println("note: " + text);
    }
}
