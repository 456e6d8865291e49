package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.basinlab.dataset.Listing;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.Arm;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.RunSettings;
import org.basinlab.study.Specification;
import org.basinlab.study.Study;
import org.basinlab.workflow.ClaimCoverage;
import org.basinlab.workflow.Placement;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.TaskSpec;

/** A plan as {@code --dry-run} shows it. */
final class PlanPrint {

    /** What one slot was seen to do over a whole study on one core with AVX-512; half of it on a core without. */
    private static final double FLOPS_A_SECOND = 120e9;

    /** How much of a specification curve a verdict but "inconclusive" or "depends on" needs (docs/claims.md). */
    private static final int AGREEING_PERCENT = 80;

    private static final int ALL_PERCENT = 100;

    private final Study study;
    private final Optional<RunSettings.Schedule> schedule;
    private final Plan plan;
    private final List<ClaimCoverage> claims;
    private final int slots;
    private final List<Listing> data;

    /**
     * @param schedule when a clock starts it, once it is submitted
     * @param claims how far the plan measures each that the study lists
     * @param data what this machine has
     */
    PlanPrint(
            Study study,
            Optional<RunSettings.Schedule> schedule,
            Plan plan,
            List<ClaimCoverage> claims,
            int slots,
            List<Listing> data) {
        this.study = study;
        this.schedule = schedule;
        this.plan = plan;
        this.claims = claims;
        this.slots = slots;
        this.data = data;
    }

    void print(boolean json, PrintWriter out) {
        if (json) {
            out.println(CanonicalJson.write(document()));
        } else {
            text(out);
        }
    }

    private Map<String, Object> document() {
        Map<String, Integer> kinds = new TreeMap<>();
        plan.countByKind().forEach((kind, count) -> kinds.put(kind.label(), count));
        return Map.of(
                "study", study.name(),
                "tasks", kinds,
                "checkpointBytes", plan.checkpointBytes(),
                "outcomeBytes", plan.outcomeBytes(),
                "flops", plan.flops(),
                "slots", slots,
                "estimatedSeconds", time().toSeconds(),
                "schedule", schedule,
                "leftOut", plan.leftOut(),
                "claims", claims);
    }

    private void text(PrintWriter out) {
        out.println("%s: %d tasks, nothing was run"
                .formatted(study.name(), plan.tasks().size()));
        for (Arm arm : study.arms()) {
            out.println("  arm %s: %d networks %s on %s"
                    .formatted(
                            arm.name(),
                            arm.leaves(),
                            arm.network().label(),
                            arm.dataset().name().label()));
        }
        study.probe()
                .ifPresent(probe -> out.println("  probe: %s, each task waits %s s and computes nothing"
                        .formatted(probe.shape().label(), probe.seconds())));
        schedule.ifPresent(when -> out.println(
                "  schedule: '%s' (%s), misfire %s, once it is submitted (basinlab submit); run runs it once, now"
                        .formatted(when.cron(), when.timeZone(), when.misfire())));
        out.println();
        if (!study.arms().isEmpty()) {
            table().print(out);
            out.println();
        }
        claims(out);
        plan.leftOut()
                .forEach(left -> out.println("left out: %d networks of arm %s fill no group of %d (%s)"
                        .formatted(left.networks(), left.arm(), left.groupSize(), left.scheme())));
        data.stream()
                .filter(listing ->
                        study.arms().stream().anyMatch(arm -> arm.dataset().name() == listing.name()))
                .forEach(listing ->
                        out.println("data:    %s: %s".formatted(listing.name().label(), listing.place())));
        if (study.probe().isPresent()) {
            out.println("time:    at least %s on %d slots, for the tasks wait".formatted(Sizes.clock(time()), slots));
            return;
        }
        out.println("storage: %s of checkpoints, %s of outcomes of images"
                .formatted(Sizes.bytes(plan.checkpointBytes()), Sizes.bytes(plan.outcomeBytes())));
        out.println("time:    about %s on %d slots (%.1e operations at %.0f GF/s a slot)"
                .formatted(Sizes.clock(time()), slots, plan.flops(), FLOPS_A_SECOND / 1e9));
    }

    private TextTable table() {
        TextTable table =
                new TextTable("arm", "scheme", ">group", ">networks", ">train", ">merge", ">control", ">evaluate");
        rows().forEach(table::add);
        return table;
    }

    /** One line a claim: its units, by how many it is decided, and what of its specifications is measured. */
    private void claims(PrintWriter out) {
        if (claims.isEmpty()) {
            return;
        }
        TextTable table = new TextTable("claim", ">units", ">minimum", ">specifications", "remarks");
        for (ClaimCoverage claim : claims) {
            Set<String> controls = ClaimRegister.shipped().get(claim.claim()).specifications().stream()
                    .filter(Specification::control)
                    .map(Specification::name)
                    .collect(Collectors.toSet());
            int measured = without(controls, claim.measured()).size();
            List<String> notMeasured = without(controls, claim.notMeasured());
            int all = measured + notMeasured.size();
            List<String> remarks = new ArrayList<>();
            if (!notMeasured.isEmpty()) {
                remarks.add("not measured: " + String.join(", ", notMeasured));
            }
            if (claim.isTooSmall()) {
                remarks.add("too few units: stays provisional");
            } else if (ALL_PERCENT * measured < AGREEING_PERCENT * all) {
                remarks.add("below %d %%: can be neither reproduced nor contradicted".formatted(AGREEING_PERCENT));
            }
            table.add(List.of(
                    claim.claim(),
                    Integer.toString(claim.planned()),
                    Integer.toString(claim.minimum()),
                    "%d of %d".formatted(measured, all),
                    String.join("; ", remarks)));
        }
        table.print(out);
        out.println();
        plan.tasks().stream()
                .map(PlannedTask::spec)
                .filter(TaskSpec.Judge.class::isInstance)
                .map(TaskSpec.Judge.class::cast)
                .forEach(judge ->
                        out.println("judged:  %s: %s".formatted(judge.paper(), String.join(", ", judge.claims()))));
    }

    /** Controls are no points of a specification curve. */
    private static List<String> without(Set<String> controls, List<String> specifications) {
        return specifications.stream().filter(name -> !controls.contains(name)).toList();
    }

    private Duration time() {
        if (study.probe().isPresent()) {
            double seconds = study.probe().get().seconds() * plan.tasks().size() / slots;
            return Duration.ofMillis((long) (1000 * seconds));
        }
        return Duration.ofMillis((long) (1000 * plan.flops() / (FLOPS_A_SECOND * slots)));
    }

    private List<List<String>> rows() {
        Map<List<String>, Map<TaskSpec.Kind, Integer>> counts = new LinkedHashMap<>();
        for (PlannedTask task : plan.tasks()) {
            if (task.spec() instanceof TaskSpec.Judge) {
                continue;
            }
            Placement at = task.placement();
            String scheme = at.variant().isEmpty() ? at.scheme() : at.scheme() + " " + at.variant();
            counts.computeIfAbsent(
                            List.of(at.arm(), scheme, Integer.toString(at.groupSize())),
                            key -> new EnumMap<>(TaskSpec.Kind.class))
                    .merge(task.spec().kind(), 1, Integer::sum);
        }
        List<List<String>> rows = new ArrayList<>();
        counts.forEach((key, kinds) -> {
            int trained = kinds.getOrDefault(TaskSpec.Kind.TRAIN, 0);
            int merged = kinds.getOrDefault(TaskSpec.Kind.MERGE, 0);
            int controls = kinds.getOrDefault(TaskSpec.Kind.CONTROL, 0);
            int evaluated = kinds.getOrDefault(TaskSpec.Kind.EVALUATE, 0);
            rows.add(List.of(
                    key.get(0),
                    key.get(1),
                    key.get(2),
                    Integer.toString(trained + merged + controls),
                    Integer.toString(trained),
                    Integer.toString(merged),
                    Integer.toString(controls),
                    Integer.toString(evaluated)));
        });
        rows.sort(Comparator.comparing((List<String> row) -> row.get(0))
                .thenComparing(row -> row.get(1).equals("trained") ? "" : row.get(1))
                .thenComparing(row -> Integer.parseInt(row.get(2))));
        return rows;
    }
}
