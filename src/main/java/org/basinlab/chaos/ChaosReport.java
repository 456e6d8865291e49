package org.basinlab.chaos;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run of faults found.
 *
 * @param leaseSeconds how long leases lasted; 30 is what ships
 * @param startedAt by the database's clock
 * @param planned the faults that were drawn, one line each; time may have ended the run before the last of them
 * @param lost tasks in no queue and at no end, and acknowledged studies that are not there
 * @param duplicated tasks with more than one accepted result, and submissions with more than one study
 * @param violations at the end
 * @param compared with the undisturbed run
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ChaosReport(
        long seed,
        double minutes,
        int workers,
        int leaseSeconds,
        String startedAt,
        String endedAt,
        boolean passed,
        List<String> planned,
        List<Injected> injected,
        int lost,
        int duplicated,
        Map<String, Integer> counts,
        List<String> violations,
        Compared compared) {

    /**
     * One fault and what came of it.
     *
     * @param atSeconds since the first fault could have come
     * @param tookSeconds with its recovery
     * @param requeuedSeconds until what the dead held was back; absent where nobody died
     * @param recoveredSeconds until all was as before
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Injected(
            int number,
            String scenario,
            String settings,
            double atSeconds,
            double tookSeconds,
            Optional<Double> requeuedSeconds,
            double recoveredSeconds,
            int lost,
            int duplicated,
            List<String> violations,
            List<String> notes) {

        boolean passed() {
            return violations.isEmpty() && lost == 0 && duplicated == 0;
        }
    }

    /** How many studies and lines of results were compared, and what differed. */
    public record Compared(int studies, int lines, List<String> differences) {}
}
