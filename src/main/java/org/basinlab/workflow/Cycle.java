package org.basinlab.workflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tasks that need each other in a circle.
 *
 * @param path ordinals, each the one of a task that needs the next, the first once more at the end
 */
record Cycle(List<Integer> path) {

    private enum Seen {
        NOT_YET,
        ON_THE_WAY,
        DONE
    }

    Cycle {
        path = List.copyOf(path);
    }

    /** The first one that is met from the first task on, by depth; without recursion, as chains are long. Time in proportion to the inputs. */
    static Optional<Cycle> in(List<PlannedTask> tasks) {
        Seen[] seen = new Seen[tasks.size()];
        Arrays.fill(seen, Seen.NOT_YET);
        for (int first = 0; first < seen.length; first++) {
            Optional<Cycle> found = from(first, tasks, seen);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Cycle> from(int first, List<PlannedTask> tasks, Seen[] seen) {
        List<Integer> way = new ArrayList<>();
        List<Integer> inputs = new ArrayList<>();
        enter(first, way, inputs, seen);
        while (!way.isEmpty()) {
            int last = way.size() - 1;
            List<Integer> needed = tasks.get(way.get(last)).inputs();
            int input = inputs.get(last);
            if (input == needed.size()) {
                seen[way.remove(last)] = Seen.DONE;
                inputs.remove(last);
                continue;
            }
            inputs.set(last, input + 1);
            int next = needed.get(input);
            if (next < 0 || next >= seen.length) {
                continue;
            }
            if (seen[next] == Seen.ON_THE_WAY) {
                List<Integer> path = new ArrayList<>(way.subList(way.indexOf(next), way.size()));
                path.add(next);
                return Optional.of(new Cycle(path));
            }
            enter(next, way, inputs, seen);
        }
        return Optional.empty();
    }

    private static void enter(int task, List<Integer> way, List<Integer> inputs, Seen[] seen) {
        if (seen[task] == Seen.NOT_YET) {
            seen[task] = Seen.ON_THE_WAY;
            way.add(task);
            inputs.add(0);
        }
    }

    /** For messages: {@code task 3 -> 5 -> 3}. */
    @Override
    public String toString() {
        return path.stream().map(String::valueOf).collect(Collectors.joining(" -> ", "task ", ""));
    }
}
