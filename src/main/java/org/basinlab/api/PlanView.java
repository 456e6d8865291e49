package org.basinlab.api;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.basinlab.ledger.Listings;
import org.basinlab.study.Study;
import org.basinlab.workflow.ClaimCoverage;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.Planner;

/**
 * What a study takes.
 *
 * @param version of the plan, from 1; absent of a study that is not taken in yet
 * @param tasks by kind; kinds without tasks are absent
 * @param checkpointBytes what its networks take up, before any is shared
 * @param outcomeBytes what the outcomes of single images take up
 * @param flops rough number of floating-point operations
 * @param leftOut trained networks that fill no group of a merge
 * @param claims how far it measures each of the claims that it lists
 */
record PlanView(
        String study,
        OptionalInt version,
        Map<String, Integer> tasks,
        long checkpointBytes,
        long outcomeBytes,
        double flops,
        List<Plan.LeftOut> leftOut,
        List<ClaimCoverage> claims) {

    static PlanView of(Listings.Planned planned) {
        Study study = planned.study();
        Plan plan = Planner.plan(study);
        return of(study, OptionalInt.of(planned.version()), plan, ClaimCoverage.of(study, plan));
    }

    /** Of a study that is not taken in yet, and is refused where it lists claims that it does not measure. */
    static PlanView ofWanted(Study study) {
        Plan plan = Planner.plan(study);
        return of(study, OptionalInt.empty(), plan, ClaimCoverage.require(study, plan));
    }

    private static PlanView of(Study study, OptionalInt version, Plan plan, List<ClaimCoverage> claims) {
        Map<String, Integer> tasks = new TreeMap<>();
        plan.countByKind().forEach((kind, count) -> tasks.put(kind.label(), count));
        return new PlanView(
                study.name(),
                version,
                tasks,
                plan.checkpointBytes(),
                plan.outcomeBytes(),
                plan.flops(),
                plan.leftOut(),
                claims);
    }
}
