package org.basinlab.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Progress;

/** The evidence that comes with the program: bundles on the class path, and the list of them. */
public final class Shelf {

    /** All bundles together. */
    static final long MOST_BYTES = 10_000_000;

    private static final String SHIPPED = "/evidence";
    private static final String INDEX = "index.json";

    private final String folder;
    private final List<Entry> entries;

    Shelf(String folder) {
        this.folder = folder;
        this.entries =
                Arrays.asList(CanonicalJson.read(new String(bytes(INDEX), StandardCharsets.UTF_8), Entry[].class));
        entries.forEach(Entry::requirePlain);
    }

    /** What comes with this program. */
    public static Shelf shipped() {
        return new Shelf(SHIPPED);
    }

    /**
     * One bundle.
     *
     * @param file its name on the shelf
     * @param sha256 of the file
     * @param study that it holds
     * @param name of the study
     */
    public record Entry(String file, String sha256, UUID study, String name) {

        private void requirePlain() {
            Digests.requireSha256(sha256);
            if (!file.matches("[A-Za-z0-9._-]+\\.zip")) {
                throw new BundleException("a bundle on the shelf must have a plain name, was '%s'".formatted(file));
            }
        }
    }

    public List<Entry> list() {
        return List.copyOf(entries);
    }

    /**
     * The list of the bundles in a folder, a line each, in the order of their names: what its {@code index.json} must hold.
     *
     * @throws BundleException if a bundle is damaged, has weights, or has a study that another has, or if all have more than 10 MB
     */
    public static String index(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(".zip"))
                    .sorted()
                    .toList();
        }
        long bytes = 0;
        Set<UUID> studies = new HashSet<>();
        List<String> lines = new ArrayList<>();
        for (Path file : files) {
            Entry entry = entry(file);
            if (!studies.add(entry.study())) {
                throw new BundleException(
                        "%s must be of a study that no other bundle there has, %s".formatted(file, entry.study()));
            }
            bytes += Files.size(file);
            lines.add(CanonicalJson.write(entry));
        }
        if (bytes > MOST_BYTES) {
            throw new BundleException("the bundles of %s must have at most %d bytes together, they have %d"
                    .formatted(folder, MOST_BYTES, bytes));
        }
        return lines.isEmpty() ? "[]\n" : "[\n%s\n]\n".formatted(String.join(",\n", lines));
    }

    private static Entry entry(Path file) throws IOException {
        try (BundleFile bundle = BundleFile.open(file, file.toString())) {
            Manifest manifest = bundle.manifest();
            manifest.members().forEach(member -> bundle.verify(member, OutputStream.nullOutputStream()));
            if (manifest.contents().checkpoints()) {
                throw new BundleException("%s must have no weights: export it without --checkpoints".formatted(file));
            }
            Entry entry = new Entry(
                    file.getFileName().toString(),
                    Digests.of(Files.readAllBytes(file)),
                    manifest.study(),
                    manifest.name());
            entry.requirePlain();
            return entry;
        }
    }

    /** Those whose study is not in the store; one question each. */
    public List<Entry> missing(DataSource database) {
        BundleImport imports = new BundleImport(database);
        return entries.stream().filter(entry -> !imports.has(entry.study())).toList();
    }

    /**
     * Brings what is missing into a store. Of several programs that do this at once one does it and the others find it done.
     *
     * @return what is new in the store
     * @throws BundleException if a bundle is damaged, or the store has something else under its ids
     */
    public List<BundleImport.Imported> fill(DataSource database, Progress progress) {
        List<BundleImport.Imported> brought = new ArrayList<>();
        for (Entry entry : missing(database)) {
            try (Folder temporary = Folder.fresh()) {
                Path file = temporary.file(entry.file());
                byte[] bytes = bytes(entry.file());
                String found = Digests.of(bytes);
                if (!found.equals(entry.sha256())) {
                    throw new BundleException("%s of the program must have the SHA-256 %s, it has %s"
                            .formatted(entry.file(), entry.sha256(), found));
                }
                Files.write(file, bytes);
                BundleImport.Imported imported = new BundleImport(database).take(file, progress);
                if (!imported.before()) {
                    brought.add(imported);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("%s of the program cannot be unpacked".formatted(entry.file()), e);
            }
        }
        return brought;
    }

    /** The table of claims that the README has: every verdict on the shelf, as Markdown. */
    public String table() {
        List<IssuedVerdict> items = new ArrayList<>();
        for (Entry entry : entries) {
            try (Folder temporary = Folder.fresh()) {
                Path file = temporary.file(entry.file());
                Files.write(file, bytes(entry.file()));
                try (BundleFile bundle = BundleFile.open(file, entry.file())) {
                    items.addAll(Verdicts.parse(bundle.text(Verdicts.PATH)).items());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("%s of the program cannot be unpacked".formatted(entry.file()), e);
            }
        }
        return EvidenceTable.of(items);
    }

    private byte[] bytes(String name) {
        String resource = folder + "/" + name;
        try (InputStream stream = Shelf.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the program must contain %s, which is missing".formatted(resource));
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s of the program".formatted(resource), e);
        }
    }
}
