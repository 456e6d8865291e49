package org.basinlab.cli;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.basinlab.recipe.KnownDataset;

/** Options whose value is one of a few names. */
final class Choices {

    private Choices() {}

    /** @throws UsageException if none has this name; the message lists them */
    static <T> T get(String option, String name, List<T> all, Function<T, String> label) {
        return all.stream()
                .filter(one -> label.apply(one).equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("%s must be %s, was '%s'"
                        .formatted(option, all.stream().map(label).collect(Collectors.joining(" or ")), name)));
    }

    /** @throws UsageException if there is no such data set; the message names the nearest and lists all */
    static KnownDataset dataset(String option, String name) {
        return KnownDataset.find(name).orElseThrow(() -> {
            List<String> all = Arrays.stream(KnownDataset.values())
                    .map(KnownDataset::label)
                    .toList();
            return new UsageException(
                    "%s must be a data set, was '%s'%s".formatted(option, name, Spelling.suggestion(name, all)));
        });
    }
}
