package org.basinlab.recipe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Every source of randomness: a study's seed, a role and the leaves it concerns give a seed; a seed gives a generator.
 */
public final class Seeds {

    private Seeds() {}

    /**
     * The first eight bytes, big-endian, of SHA-256 over the seed, the role's UTF-8 bytes, a zero byte and the leaf
     * seeds. The same on every machine and every Java version.
     */
    public static long derive(long seed, String role, long... leaves) {
        byte[] name = role.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + name.length + 1 + Long.BYTES * leaves.length);
        bytes.putLong(seed).put(name).put((byte) 0);
        for (long leaf : leaves) {
            bytes.putLong(leaf);
        }
        return ByteBuffer.wrap(Digests.digest(bytes.array())).getLong();
    }

    /** A generator of the algorithm {@code L64X128MixRandom}, started at {@code seed}. */
    public static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** 0 … n−1 in random order (Fisher and Yates, as Durstenfeld runs it, from the end). */
    public static int[] shuffled(int n, RandomGenerator random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        shuffle(order, random);
        return order;
    }

    /** Puts {@code order} in random order in place. */
    public static void shuffle(int[] order, RandomGenerator random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
