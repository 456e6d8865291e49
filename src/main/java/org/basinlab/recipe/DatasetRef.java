package org.basinlab.recipe;

import java.util.Optional;

/**
 * Which data a network sees, and how its pixels become inputs.
 *
 * @param name one of the known data sets
 * @param normalise what is done to the pixels
 * @param digest when present, the only content that is accepted: lower-case hexadecimal SHA-256 over the unpacked
 *     records (label and pixels in file order, training files before the test file)
 */
public record DatasetRef(KnownDataset name, Normalisation normalise, Optional<String> digest) {

    public DatasetRef {
        digest.ifPresent(Digests::requireSha256);
    }
}
