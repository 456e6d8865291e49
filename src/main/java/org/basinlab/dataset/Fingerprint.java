package org.basinlab.dataset;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest by which a published file is known. Whoever published the data sets stated SHA-1 and MD5; they tell a file from
 * another, not from one made to deceive. What a data set is to this program is its SHA-256.
 *
 * @param algorithm as Java names it, {@code MD5}
 * @param hex lower-case hexadecimal
 */
record Fingerprint(String algorithm, String hex) {

    static Fingerprint md5(String hex) {
        return new Fingerprint("MD5", hex);
    }

    static Fingerprint sha1(String hex) {
        return new Fingerprint("SHA-1", hex);
    }

    /** A digest that has seen nothing yet. */
    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    /** Whether this is the digest of the published file. */
    boolean is(byte[] seen) {
        return HexFormat.of().formatHex(seen).equals(hex);
    }
}
