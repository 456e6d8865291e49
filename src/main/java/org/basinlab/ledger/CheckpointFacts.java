package org.basinlab.ledger;

/**
 * What is known of a checkpoint without reading it.
 *
 * @param bytes its length
 * @param chunks into how many pieces it was cut
 * @param dropped whether its bytes were given up when its study ended
 */
public record CheckpointFacts(String sha256, long bytes, int chunks, boolean dropped) {}
