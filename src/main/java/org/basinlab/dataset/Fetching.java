package org.basinlab.dataset;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Progress;

/** Downloads a data set as it was published. Only what has the published digest appears under its name. */
public final class Fetching {

    private final Optional<URI> mirror;
    private final Patience patience;

    /**
     * @param mirror an address under which the published file names lie, or a folder for each data set with them; empty
     *     for the official place
     * @throws IllegalArgumentException unless it is an http or https address without a password
     */
    public Fetching(Optional<String> mirror) {
        this(mirror, Patience.USUAL);
    }

    Fetching(Optional<String> mirror, Patience patience) {
        this.mirror = mirror.map(Fetching::address);
        this.patience = patience;
    }

    /**
     * Downloads what is not there yet.
     *
     * @param place the folder in which a search for data sets finds it afterwards; made where it does not exist
     * @return the files in their order, each with whether it was there already
     * @throws DatasetException if a file cannot be had or is not the published one; what came of it stays apart, so that the
     *     next call goes on there
     */
    public List<Fetched> fetch(Publication publication, Path place, Progress progress) {
        Path folder = place.resolve(publication.folder());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DatasetException("%s must be a folder that can be written: %s".formatted(folder, reason(e)), e);
        }
        List<Fetched> fetched = new ArrayList<>();
        long before = 0;
        for (PublishedFile file : publication.files()) {
            long earlier = before;
            Download download = new Download(file, folder, addresses(publication, file), patience);
            boolean there = download.run(bytes -> progress.at((double) (earlier + bytes) / publication.bytes()));
            fetched.add(new Fetched(folder.resolve(file.name()), file, there));
            before += file.bytes();
        }
        return fetched;
    }

    /** One file after it was fetched. */
    public record Fetched(Path path, PublishedFile file, boolean wasThere) {}

    private List<URI> addresses(Publication publication, PublishedFile file) {
        return mirror.map(base -> List.of(
                        base.resolve(file.name()),
                        base.resolve(publication.name().label() + "/" + file.name())))
                .orElseGet(() -> List.of(publication.base().resolve(file.name())));
    }

    private static URI address(String text) {
        URI base;
        try {
            base = URI.create(text.endsWith("/") ? text : text + "/");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a mirror must be an http or https address, was " + text, e);
        }
        String scheme = base.getScheme();
        if (base.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            throw new IllegalArgumentException("a mirror must be an http or https address, was " + text);
        }
        if (base.getUserInfo() != null || base.getQuery() != null || base.getFragment() != null) {
            throw new IllegalArgumentException(
                    "a mirror must be a plain address without user, password, '?' and '#', was one at "
                            + base.getHost());
        }
        return base;
    }

    static String reason(IOException e) {
        String kind = e.getClass().getSimpleName();
        return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
    }
}
