package org.basinlab.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once from the archive on the class path into a folder named for its bytes. */
record Binaries(Path folder) {

    /** The major version in the archive, on which the format of the cluster depends. */
    static final int MAJOR = 18;

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private static final String UNFINISHED = "unpacking-";

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** The programs in {@code layout}; call it only while holding the start lock. */
    static Binaries in(StoreLayout layout, Consumer<String> say) {
        try {
            Path folder = layout.folder().resolve("binaries-" + archiveDigest());
            if (!Files.isDirectory(folder)) {
                say.accept("unpacking PostgreSQL %d into %s".formatted(MAJOR, folder));
                unpackWhole(layout, folder);
            }
            return new Binaries(folder);
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL's programs must be unpacked into %s (60 MB), which failed: %s"
                            .formatted(layout.folder(), StoreLayout.reason(e)),
                    e);
        }
    }

    /** Only a finished folder gets its final name. */
    private static void unpackWhole(StoreLayout layout, Path folder) throws IOException {
        Path unfinished = layout.workshop(UNFINISHED);
        try {
            try (InputStream archive = archive()) {
                unpack(archive, unfinished);
            }
            // One system call instead of one for each of a thousand files; without it a power failure could leave
            // empty files under the final name.
            Command.run(List.of("sync", "-f", unfinished.toString()));
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            StoreLayout.force(layout.folder());
        } finally {
            StoreLayout.discard(unfinished);
        }
    }

    /** Unpacks a .tar.xz of files, folders and symbolic links; refuses what would land outside {@code target}. */
    static void unpack(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream entries =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive, 1 << 16)))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path path = inside(target, target.resolve(entry.getName()), entry);
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(folderOf(path));
                    inside(target, folderOf(path).resolve(entry.getLinkName()), entry);
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (isPlainFile(entry)) {
                    Files.createDirectories(folderOf(path));
                    Files.copy(entries, path);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                } else {
                    throw new IOException(
                            "the archive holds %s, neither file, folder nor symbolic link".formatted(entry.getName()));
                }
            }
        }
    }

    /** Commons Compress calls everything a file that is no folder. */
    private static boolean isPlainFile(TarArchiveEntry entry) {
        return entry.isFile()
                && !entry.isLink()
                && !entry.isFIFO()
                && !entry.isCharacterDevice()
                && !entry.isBlockDevice();
    }

    private static Path inside(Path target, Path path, TarArchiveEntry entry) throws IOException {
        Path normal = path.normalize();
        if (!normal.startsWith(target)) {
            throw new IOException("the archive's entry %s leads out of the folder".formatted(entry.getName()));
        }
        return normal;
    }

    private static Path folderOf(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a path inside a folder has a parent, was " + path);
        }
        return parent;
    }

    private static String archiveDigest() throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        try (DigestInputStream archive = new DigestInputStream(archive(), sha256)) {
            archive.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha256.digest()).substring(0, 16);
    }

    private static InputStream archive() throws IOException {
        InputStream archive = Binaries.class.getResourceAsStream(ARCHIVE);
        if (archive == null) {
            throw new IOException("the class path lacks " + ARCHIVE);
        }
        return archive;
    }
}
