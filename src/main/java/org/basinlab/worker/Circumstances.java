package org.basinlab.worker;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.basinlab.workflow.TaskSpec;

/** What the bytes that a task gives depend on beside the task and its inputs. */
final class Circumstances {

    /** What must be equal for the same bytes to be promised. */
    private static final List<String> DECISIVE =
            List.of("engine", "blas", "kernel", "device", "threads", "numericVersion");

    private Circumstances() {}

    /** Those of a task of this kind on a machine. */
    static Map<String, String> of(TaskSpec.Kind kind, Map<String, String> environment) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put("numericVersion", Integer.toString(kind.numericVersion()));
        return all;
    }

    /** Only those that bytes depend on; {@code unknown} where one was not recorded. */
    static Map<String, String> decisive(Map<String, String> all) {
        Map<String, String> decisive = new TreeMap<>();
        DECISIVE.forEach(name -> decisive.put(name, all.getOrDefault(name, "unknown")));
        return decisive;
    }
}
