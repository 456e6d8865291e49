package org.basinlab.ledger;

import org.basinlab.recipe.KnownDataset;

/**
 * What is recorded of a data set.
 *
 * @param digest SHA-256 over its unpacked records, lower-case hexadecimal
 * @param official whether the digest is one that is known for this name
 */
public record DataFacts(KnownDataset name, String digest, boolean official, int trainImages, int testImages) {}
