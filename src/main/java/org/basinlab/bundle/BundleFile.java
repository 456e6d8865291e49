package org.basinlab.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.basinlab.recipe.Digests;

/**
 * A bundle that somebody brought, trusted in nothing: its names are plain paths, each once; no member is larger than it says or
 * than the limits allow; each has the digest that the manifest gives it, and there is no other.
 */
final class BundleFile implements AutoCloseable {

    static final int MOST_MEMBERS = 200_000;
    static final long MOST_BYTES_A_MEMBER = 2L << 30;
    static final long MOST_BYTES = 64L << 30;

    /** Of unpacked to packed bytes. */
    static final int MOST_RATIO = 100;

    private static final int MOST_TEXT_BYTES = 64 << 20;

    /** Small members may be packed as well as they like. */
    private static final long ALWAYS_ALLOWED = 1 << 16;

    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    private final String shown;
    private final ZipFile zip;
    private final Map<String, ZipArchiveEntry> entries = new HashMap<>();

    private BundleFile(String shown, ZipFile zip) {
        this.shown = shown;
        this.zip = zip;
    }

    /** @param shown what the user calls it */
    static BundleFile open(Path path, String shown) {
        ZipFile zip;
        try {
            zip = ZipFile.builder().setPath(path).get();
        } catch (IOException e) {
            throw new BundleException("%s must be a whole zip file: %s".formatted(shown, e.getMessage()), e);
        }
        BundleFile file = new BundleFile(shown, zip);
        try {
            file.list();
        } catch (BundleException e) {
            file.close();
            throw e;
        }
        return file;
    }

    private void list() {
        long bytes = 0;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            String name = entry.getName();
            if (!PLAIN.matcher(name).matches() || entry.isDirectory()) {
                throw refused("its members must have plain relative paths, one is '%s'".formatted(printable(name)));
            }
            if (entry.isUnixSymlink()) {
                throw refused("it must hold no links, %s is one".formatted(name));
            }
            if (entries.put(name, entry) != null) {
                throw refused("it must hold each member once, %s is there twice".formatted(name));
            }
            if (entries.size() > MOST_MEMBERS) {
                throw refused("it must have at most %d members".formatted(MOST_MEMBERS));
            }
            requireSize(entry);
            bytes += entry.getSize();
        }
        if (bytes > MOST_BYTES) {
            throw refused("it must unpack to at most %d bytes, it says %d".formatted(MOST_BYTES, bytes));
        }
    }

    private void requireSize(ZipArchiveEntry entry) {
        long size = entry.getSize();
        if (size < 0 || size > MOST_BYTES_A_MEMBER) {
            throw refused("a member must have at most %d bytes, %s says %d"
                    .formatted(MOST_BYTES_A_MEMBER, entry.getName(), size));
        }
        if (size > ALWAYS_ALLOWED && size > MOST_RATIO * entry.getCompressedSize()) {
            throw refused("a member must not be packed to less than 1/%d of its size, %s is (%d of %d bytes)"
                    .formatted(MOST_RATIO, entry.getName(), entry.getCompressedSize(), size));
        }
        if ((entry.getMethod() != ZipEntry.STORED && entry.getMethod() != ZipEntry.DEFLATED)
                || entry.getGeneralPurposeBit().usesEncryption()) {
            throw refused("members must be stored or deflated and not encrypted, %s is not".formatted(entry.getName()));
        }
    }

    /** The manifest, and whether what it names is what is there; sizes only, no digests yet. */
    Manifest manifest() {
        Manifest manifest = Manifest.read(text(Manifest.PATH));
        TreeSet<String> unnamed = new TreeSet<>(entries.keySet());
        unnamed.remove(Manifest.PATH);
        for (Manifest.Member member : manifest.members()) {
            if (!unnamed.remove(member.path())) {
                throw refused("%s names %s, which is not there or named twice"
                        .formatted(Manifest.PATH, printable(member.path())));
            }
            long size = entry(member.path()).getSize();
            if (size != member.bytes()) {
                throw refused("%s must have %d bytes, it has %d".formatted(member.path(), member.bytes(), size));
            }
        }
        if (!unnamed.isEmpty()) {
            throw refused("every member must stand in %s, %s does not".formatted(Manifest.PATH, unnamed.first()));
        }
        return manifest;
    }

    /** Unpacks a member into a file, or nowhere, while its digest is taken. */
    void verify(Manifest.Member member, OutputStream to) {
        MessageDigest digest = Digests.sha256();
        try (InputStream in = zip.getInputStream(entry(member.path()))) {
            byte[] buffer = new byte[1 << 16];
            long seen = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                seen += n;
                if (seen > member.bytes()) {
                    throw refused("%s must have %d bytes, it goes on".formatted(member.path(), member.bytes()));
                }
                digest.update(buffer, 0, n);
                write(to, buffer, n);
            }
        } catch (IOException e) {
            throw new BundleException(
                    "%s: %s cannot be unpacked: %s".formatted(shown, member.path(), e.getMessage()), e);
        }
        String found = Digests.hex(digest.digest());
        if (!found.equals(member.sha256())) {
            throw refused("%s must have the SHA-256 %s, it has %s".formatted(member.path(), member.sha256(), found));
        }
    }

    /** A fault here is none of the bundle's. */
    private static void write(OutputStream to, byte[] buffer, int length) {
        try {
            to.write(buffer, 0, length);
        } catch (IOException e) {
            throw new IllegalStateException("a bundle cannot be unpacked: " + e.getMessage(), e);
        }
    }

    /** The same into a file. */
    void verify(Manifest.Member member, Path to) {
        try (OutputStream out = Files.newOutputStream(to)) {
            verify(member, out);
        } catch (IOException e) {
            throw new IllegalStateException("%s cannot be unpacked: %s".formatted(member.path(), e.getMessage()), e);
        }
    }

    /** A short member as text. */
    String text(String path) {
        try (InputStream in = zip.getInputStream(entry(path))) {
            byte[] bytes = in.readNBytes(MOST_TEXT_BYTES + 1);
            if (bytes.length > MOST_TEXT_BYTES) {
                throw refused("%s must have at most %d bytes".formatted(path, MOST_TEXT_BYTES));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BundleException("%s: %s cannot be unpacked: %s".formatted(shown, path, e.getMessage()), e);
        }
    }

    private ZipArchiveEntry entry(String path) {
        ZipArchiveEntry entry = entries.get(path);
        if (entry == null) {
            throw refused("it must hold " + path);
        }
        return entry;
    }

    BundleException refused(String why) {
        return new BundleException("%s is no bundle that can be taken in: %s".formatted(shown, why));
    }

    /** For messages. */
    static String printable(String name) {
        String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > 100 ? plain.substring(0, 100) + "…" : plain;
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new IllegalStateException("%s cannot be closed: %s".formatted(shown, e.getMessage()), e);
        }
    }
}
