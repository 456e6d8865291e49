package org.basinlab.recipe;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, by which checkpoints, data sets and tasks are named; written as 64 lower-case hexadecimal digits. */
public final class Digests {

    private Digests() {}

    /** A fresh SHA-256, for input that comes in pieces. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public static byte[] digest(byte[] bytes) {
        return sha256().digest(bytes);
    }

    public static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    /**
     * Refuses what is no SHA-256 in writing.
     *
     * @throws IllegalArgumentException unless {@code digest} is 64 lower-case hexadecimal digits
     */
    public static void requireSha256(String digest) {
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "digest must be 64 lower-case hexadecimal digits, was '%s'".formatted(digest));
        }
    }

    /** The digest of {@code bytes} in hexadecimal. */
    public static String of(byte[] bytes) {
        return hex(digest(bytes));
    }
}
