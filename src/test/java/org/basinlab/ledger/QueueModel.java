package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskState;

/** What a study should be after acts upon it: in memory, without a database, and only along the table of states. */
final class QueueModel {

    private final UUID study;
    private final Map<UUID, Task> tasks = new HashMap<>();
    private final List<Lease> leases = new ArrayList<>();
    private final Map<Long, UUID> holders = new HashMap<>();
    private final Map<Long, TaskState> accepted = new HashMap<>();
    private final List<String> story = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    /** Tasks that may have been parked by the last act, or not. */
    private final Set<Task> undecided = new HashSet<>();

    private int act;
    private StudyState state = StudyState.QUEUED;
    private boolean started;

    QueueModel(UUID study) {
        this.study = study;
    }

    UUID study() {
        return study;
    }

    StudyState state() {
        return state;
    }

    List<Lease> leases() {
        return leases;
    }

    List<String> story() {
        return story;
    }

    void tell(String act) {
        story.add(act);
    }

    List<UUID> tasks() {
        return List.copyOf(tasks.keySet());
    }

    void add(UUID id, Set<UUID> inputs) {
        Task task = new Task();
        task.inputs = inputs;
        boolean lost = inputs.stream()
                .anyMatch(
                        input -> tasks.get(input).state.isTerminal() && tasks.get(input).state != TaskState.SUCCEEDED);
        assertThat(lost).isFalse();
        task.state = isComplete(task) ? TaskState.READY : TaskState.WAITING;
        tasks.put(id, task);
    }

    boolean canExtend(UUID input) {
        TaskState of = tasks.get(input).state;
        return !state.isTerminal() && (!of.isTerminal() || of == TaskState.SUCCEEDED);
    }

    /** Whether a claim must give something; empty where a suspect makes that depend on the worker. */
    Optional<Boolean> gives() {
        if (state != StudyState.QUEUED && state != StudyState.RUNNING) {
            return Optional.of(false);
        }
        boolean suspects = tasks.values().stream().anyMatch(task -> task.losses >= 2);
        boolean ready = tasks.values().stream().anyMatch(task -> task.state == TaskState.READY);
        return suspects && ready ? Optional.empty() : Optional.of(ready);
    }

    void claimed(List<Lease> taken, UUID worker) {
        for (Lease lease : taken) {
            Task task = tasks.get(lease.taskId());
            task.become(TaskState.LEASED);
            task.token = lease.token();
            task.worker = worker;
            leases.add(lease);
            holders.put(lease.token(), worker);
            state = StudyState.RUNNING;
            started = true;
        }
    }

    /** Whether the result counts. */
    boolean finished(Lease lease, boolean success) {
        TaskState end = success ? TaskState.SUCCEEDED : TaskState.FAILED;
        Task task = tasks.get(lease.taskId());
        if (task.state.isTerminal() || task.token != lease.token()) {
            // The same message once more is answered as before, whatever became of the task since.
            return task.state.isTerminal() && accepted.get(lease.token()) == end;
        }
        if (task.state == TaskState.READY) {
            // A late result, as if its lease had been taken up again.
            task.become(TaskState.LEASED);
        }
        accepted.put(lease.token(), end);
        end(task, end);
        return true;
    }

    private void end(Task task, TaskState end) {
        task.become(end);
        if (end == TaskState.SUCCEEDED) {
            tasks.values().stream()
                    .filter(one -> one.state == TaskState.WAITING && isComplete(one))
                    .forEach(one -> one.become(TaskState.READY));
        } else {
            block();
        }
        settle();
    }

    private void block() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Task task : tasks.values()) {
                boolean stuck = task.inputs.stream()
                        .map(tasks::get)
                        .anyMatch(input -> input.state == TaskState.FAILED || input.state == TaskState.BLOCKED);
                if (stuck && !task.state.isTerminal()) {
                    task.become(TaskState.BLOCKED);
                    changed = true;
                }
            }
        }
    }

    private void settle() {
        if (!state.isTerminal() && tasks.values().stream().allMatch(task -> task.state.isTerminal())) {
            boolean all = tasks.values().stream().allMatch(task -> task.state == TaskState.SUCCEEDED);
            state = all ? StudyState.SUCCEEDED : StudyState.FAILED;
        }
    }

    Set<UUID> workers() {
        return new HashSet<>(holders.values());
    }

    private boolean isHeld(Lease lease) {
        Task task = tasks.get(lease.taskId());
        return task.state == TaskState.LEASED && task.token == lease.token();
    }

    boolean failed(Lease lease) {
        if (!isHeld(lease)) {
            return false;
        }
        Task task = tasks.get(lease.taskId());
        task.failures++;
        if (task.failures >= Setbacks.MOST) {
            end(task, TaskState.FAILED);
        } else {
            task.giveBack();
            task.token = -1;
        }
        return true;
    }

    boolean released(Lease lease) {
        if (!isHeld(lease)) {
            return false;
        }
        Task task = tasks.get(lease.taskId());
        task.giveBack();
        task.token = -1;
        return true;
    }

    /** The token stays: a late result counts while nobody else has the task. */
    void lost(Set<UUID> workers) {
        act++;
        Map<Task, Integer> lossesBefore = new HashMap<>();
        tasks.values().forEach(task -> lossesBefore.put(task, task.losses));
        List<Task> suspects = new ArrayList<>();
        for (UUID worker : workers) {
            List<Task> held = tasks.values().stream()
                    .filter(task -> task.state == TaskState.LEASED && worker.equals(task.worker))
                    .toList();
            for (Task task : held) {
                task.giveBack();
                task.losses++;
                task.alone += held.size() == 1 ? 1 : 0;
                losses.add(new Loss(act, task, worker));
                if (task.alone >= Setbacks.MOST) {
                    suspects.add(task);
                }
            }
        }
        for (Task task : suspects) {
            boolean surely = task.alone >= Setbacks.MOST * (1 + elsewhere(task, true, lossesBefore));
            boolean perhaps = task.alone >= Setbacks.MOST * (1 + elsewhere(task, false, lossesBefore));
            if (surely) {
                end(task, TaskState.FAILED);
            } else if (perhaps) {
                undecided.add(task);
            }
        }
    }

    /**
     * Workers that died of something else since the first of those losses that count against a task. Workers that are lost at once
     * are taken note of in any order.
     *
     * @param most whether those of the same moment count
     */
    private long elsewhere(Task task, boolean most, Map<Task, Integer> lossesBefore) {
        List<Loss> own = losses.stream().filter(loss -> loss.task == task).toList();
        int since = own.get(own.size() - task.alone).act;
        Set<UUID> ownWorkers = new HashSet<>();
        own.forEach(loss -> ownWorkers.add(loss.worker));
        return losses.stream()
                .filter(loss -> most ? loss.act >= since : loss.act > since && loss.act < act)
                .filter(loss -> !ownWorkers.contains(loss.worker))
                .filter(loss -> loss.task.state != TaskState.FAILED)
                .filter(loss -> loss.task.state.isTerminal()
                        || (most ? lossesBefore.getOrDefault(loss.task, 0) : loss.task.losses) < 2)
                .map(Loss::worker)
                .distinct()
                .count();
    }

    private record Loss(int act, Task task, UUID worker) {}

    /** Every ready task waited too long. */
    void waitedTooLong() {
        if (state == StudyState.PAUSED) {
            return;
        }
        List<Task> late = tasks.values().stream()
                .filter(task -> task.state == TaskState.READY)
                .toList();
        late.stream().filter(task -> task.state == TaskState.READY).forEach(task -> end(task, TaskState.FAILED));
    }

    void paused() {
        state = StudyState.PAUSED;
    }

    void resumed() {
        if (state == StudyState.PAUSED) {
            state = started ? StudyState.RUNNING : StudyState.QUEUED;
        }
    }

    void cancelled() {
        tasks.values().stream()
                .filter(task -> !task.state.isTerminal())
                .forEach(task -> task.become(TaskState.CANCELLED));
        state = StudyState.CANCELLED;
    }

    boolean canRetry() {
        return state != StudyState.CANCELLED
                && tasks.values().stream().anyMatch(task -> task.state == TaskState.FAILED);
    }

    /** The next generation: the one way out of an end. */
    void retried() {
        Set<Task> again = new HashSet<>();
        for (Task task : tasks.values()) {
            if (task.state == TaskState.FAILED || task.state == TaskState.BLOCKED) {
                again.add(task);
            }
        }
        for (Task task : again) {
            task.state = TaskState.WAITING;
            task.failures = 0;
            task.losses = 0;
            task.alone = 0;
            task.token = -1;
            task.worker = null;
        }
        again.stream().filter(this::isComplete).forEach(task -> task.become(TaskState.READY));
        if (state == StudyState.FAILED) {
            state = StudyState.RUNNING;
            started = true;
        }
    }

    private boolean isComplete(Task task) {
        return task.inputs.stream().allMatch(input -> tasks.get(input).state == TaskState.SUCCEEDED);
    }

    /** @param found states of the tasks and, under the study's id, its own */
    void requireEqual(Map<UUID, String> found) {
        tasks.forEach((id, task) -> {
            if (undecided.contains(task) && "FAILED".equals(found.get(id)) && !task.state.isTerminal()) {
                end(task, TaskState.FAILED);
            }
        });
        undecided.clear();
        Map<UUID, String> expected = new TreeMap<>();
        tasks.forEach((id, task) -> expected.put(id, task.state.name()));
        expected.put(study, state.name());
        assertThat(new TreeMap<>(found)).isEqualTo(expected);
    }

    private static final class Task {
        private TaskState state = TaskState.WAITING;
        private Set<UUID> inputs = Set.of();
        private long token = -1;
        private UUID worker;
        private int failures;
        private int losses;
        private int alone;

        private void become(TaskState next) {
            assertThat(state.next()).contains(next);
            state = next;
        }

        private void giveBack() {
            become(TaskState.READY);
            worker = null;
        }
    }
}
