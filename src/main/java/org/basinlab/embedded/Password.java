package org.basinlab.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** The password of our PostgreSQL: 192 random bits, in files that only their owner can ever read. */
record Password(String text) {

    private static final int BYTES = 24;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    @Override
    public String toString() {
        return "Password[]";
    }

    /** The password of an existing cluster. */
    static Password read(StoreLayout layout) {
        Path file = layout.password();
        String text;
        try {
            text = Files.readString(file).strip();
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "the store's password must be readable in %s (%s): put the file back, or choose another --data-home"
                            .formatted(file, StoreLayout.reason(e)),
                    e);
        }
        if (text.isEmpty()) {
            throw new EmbeddedPostgresException(
                    "the store's password must stand in %s, which is empty: put the file back, or choose another --data-home"
                            .formatted(file));
        }
        Password password = new Password(text);
        password.writePassFile(layout);
        return password;
    }

    /** A new password, for a cluster that is about to be created. */
    static Password create(StoreLayout layout) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Password password = new Password(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        write(layout.password(), password.text() + "\n");
        password.writePassFile(layout);
        return password;
    }

    /** Any port: the last one is taken again only where it is free, and psql must find the password all the same. */
    private void writePassFile(StoreLayout layout) {
        String line = "127.0.0.1:*:*:%s:%s%n".formatted(StoreLayout.NAME, text);
        Path file = layout.passFile();
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(line)) {
                write(file, line);
            }
        } catch (IOException e) {
            throw new EmbeddedPostgresException("%s must be writable (%s)".formatted(file, StoreLayout.reason(e)), e);
        }
    }

    /** The file is for its owner only from its first moment, and holds everything from the moment it has its name. */
    private static void write(Path file, String content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Set<StandardOpenOption> mode = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel =
                FileChannel.open(unfinished, mode, PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
