package org.basinlab.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.SanityCheck;

/**
 * What was measured of one file.
 *
 * @param images how many it saw; 0 where no metric looks at images
 * @param failed the sanity checks that did not pass
 */
record EvaluatedFile(
        NetworkFile network,
        String dataset,
        Split split,
        int images,
        List<Measurement> measurements,
        List<SanityCheck> failed) {

    EvaluatedFile {
        measurements = List.copyOf(measurements);
        failed = List.copyOf(failed);
    }

    /** The document of the contract. */
    record Document(
            String file, String architecture, String dataset, Split split, int images, List<MetricDocument> metrics) {}

    /** One number; {@code value} is null where it is none. */
    record MetricDocument(
            String metric,
            Optional<BigDecimal> at,
            Optional<String> space,
            Optional<Double> value,
            String status,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String variant) {

        static MetricDocument of(Measurement measurement) {
            return new MetricDocument(
                    measurement.metric(),
                    measurement.at(),
                    measurement.space(),
                    Optional.of(measurement.value()).filter(Double::isFinite),
                    measurement.status(),
                    measurement.variant());
        }
    }

    Document document() {
        return new Document(
                network.path().toString(),
                network.weights().architecture().label(),
                dataset,
                split,
                images,
                measurements.stream().map(MetricDocument::of).toList());
    }
}
