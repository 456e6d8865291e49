package org.basinlab.dataset;

import org.basinlab.recipe.Digests;

/**
 * A file as it can be downloaded.
 *
 * @param bytes how many it has
 * @param sha256 of them, lower-case hexadecimal
 */
public record PublishedFile(String name, long bytes, String sha256) {

    public PublishedFile {
        Digests.requireSha256(sha256);
    }
}
