package org.basinlab.bundle;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;

/**
 * What a bundle says of itself, {@code manifest.json}: every other member with its size and digest.
 *
 * @param format always {@link #FORMAT}
 * @param version of the layout
 * @param program version of the program that wrote it
 * @param study id of the study
 * @param name of the study
 * @param identity SHA-256 of its canonical specification and the digests of its data
 * @param data digests of the data sets that it read
 * @param rows how many each table has
 */
record Manifest(
        String format,
        int version,
        String program,
        UUID study,
        String name,
        String identity,
        List<String> data,
        Contents contents,
        Map<String, Long> rows,
        List<Member> members) {

    static final String PATH = "manifest.json";
    static final String FORMAT = "basinlab-bundle";
    static final int VERSION = 1;

    Manifest {
        Objects.requireNonNull(format, "format must be there");
        Objects.requireNonNull(program, "program must be there");
        Objects.requireNonNull(study, "study must be there");
        Objects.requireNonNull(name, "name must be there");
        Objects.requireNonNull(identity, "identity must be there");
        Objects.requireNonNull(data, "data must be there");
        Objects.requireNonNull(contents, "contents must be there");
        Objects.requireNonNull(rows, "rows must be there");
        Objects.requireNonNull(members, "members must be there");
        requireNoNull(data, "data");
        requireNoNull(rows.values(), "rows");
        requireNoNull(members, "members");
        data = List.copyOf(data);
        rows = Map.copyOf(rows);
        members = List.copyOf(members);
    }

    private static void requireNoNull(Collection<?> some, String name) {
        some.forEach(one -> Objects.requireNonNull(one, name + " must not be null"));
    }

    /** One file of the bundle. */
    record Member(String path, long bytes, String sha256) {
        Member {
            Objects.requireNonNull(path, "path must be there");
            Objects.requireNonNull(sha256, "sha256 must be there");
            Digests.requireSha256(sha256);
            if (bytes < 0) {
                throw new IllegalArgumentException("a member must have no negative size, was " + bytes);
            }
        }
    }

    /** Just enough to tell which program can read the rest. */
    @com.fasterxml.jackson.annotation.JsonIgnoreProperties(ignoreUnknown = true)
    record Head(String format, int version) {}

    /** @throws BundleException if it is none, or one of a later version */
    static Manifest read(String json) {
        try {
            Head head = CanonicalJson.read(json, Head.class);
            if (head == null || !FORMAT.equals(head.format())) {
                throw new BundleException("%s must say that its format is %s".formatted(PATH, FORMAT));
            }
            if (head.version() != VERSION) {
                throw new BundleException(
                        "a bundle must be of version %d, this one is of version %d: a newer program reads it"
                                .formatted(VERSION, head.version()));
            }
            return CanonicalJson.read(json, Manifest.class);
        } catch (IllegalArgumentException e) {
            throw new BundleException("%s must be that of a bundle: %s".formatted(PATH, e.getMessage()), e);
        }
    }
}
