package org.basinlab.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a network file beside what it holds itself.
 *
 * @param patterns the file's names to ours, in the order in which they are tried; both sides have one {@code *}, which stands
 *     for the same characters, or neither has
 * @param network what the network is, but for its images and classes
 * @param norm what its normalisations are; their shapes do not tell a LayerNorm from a GroupNorm
 * @param image the size of its images, where it cannot be seen
 */
public record TensorNames(
        Map<String, String> patterns, Optional<NetworkForm> network, Optional<Norm> norm, Optional<Extent> image) {

    /** Nothing: the file's own names, sizes and metadata decide. */
    public static final TensorNames NONE =
            new TensorNames(Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final char ANY = '*';

    public TensorNames {
        patterns = Collections.unmodifiableMap(new LinkedHashMap<>(patterns));
        patterns.forEach((theirs, ours) -> {
            long stars = stars(theirs);
            if (theirs.isEmpty() || ours.isEmpty() || stars > 1 || stars != stars(ours)) {
                throw new IllegalArgumentException(
                        "a name and what it becomes must both have one * or none, were '%s' and '%s'"
                                .formatted(theirs, ours));
            }
        });
    }

    private static long stars(String pattern) {
        return pattern.chars().filter(c -> c == ANY).count();
    }

    /** Our name of one of the file's; empty where no pattern is about it. */
    public Optional<String> ours(String name) {
        for (Map.Entry<String, String> pattern : patterns.entrySet()) {
            String theirs = pattern.getKey();
            int star = theirs.indexOf(ANY);
            if (star < 0) {
                if (theirs.equals(name)) {
                    return Optional.of(pattern.getValue());
                }
                continue;
            }
            String before = theirs.substring(0, star);
            String after = theirs.substring(star + 1);
            if (name.length() > before.length() + after.length() && name.startsWith(before) && name.endsWith(after)) {
                String any = name.substring(before.length(), name.length() - after.length());
                return Optional.of(pattern.getValue().replace(String.valueOf(ANY), any));
            }
        }
        return Optional.empty();
    }
}
