package org.basinlab.workflow;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.CanonicalJson;

/** By which equal work is recognised: two tasks of one key give the same result, so the second takes the first's. */
public final class TaskKey {

    private TaskKey() {}

    /**
     * SHA-256 in hexadecimal over kind, parameters, inputs, data and the numeric version of the kind.
     *
     * @param inputs digests of the input checkpoints, in order
     * @param data digest of the data set, where one is read
     */
    public static String of(TaskSpec spec, List<String> inputs, Optional<String> data) {
        return CanonicalJson.digest(new Text(
                spec.kind().label(), spec.kind().numericVersion(), spec, List.copyOf(inputs), data.orElse("")));
    }

    private record Text(String kind, int numericVersion, TaskSpec parameters, List<String> inputs, String data) {}
}
