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
 * @param lost tasks in no queue and at no end; an acknowledged study that is not there is a violation of I8
 * @param duplicated tasks with more than one accepted result; a submission with more than one study is a violation of I8
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
     * @param throughput where it was measured
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
            Optional<Share> throughput,
            int lost,
            int duplicated,
            List<String> violations,
            List<String> notes) {

        public boolean passed() {
            return violations.isEmpty() && lost == 0 && duplicated == 0;
        }
    }

    /**
     * How much was done in spite of a fault.
     *
     * @param of what it is a share of
     * @param share in [0, 1], of a baseline also above
     * @param least what it must be in a run that is long enough to tell
     */
    public record Share(String of, double share, double least) {}

    /** How many studies and lines of results were compared, and what differed. */
    public record Compared(int studies, int lines, List<String> differences) {}
}
