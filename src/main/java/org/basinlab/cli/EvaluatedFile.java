package org.basinlab.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.SanityCheck;

/**
 * What was measured of one file.
 *
 * @param images how many a metric looks at that has no number of its own; 0 where none looks at any
 * @param ownImages by metric, how many that one looked at where they were others; 0 for one that looks at none
 * @param failed the sanity checks that did not pass
 */
record EvaluatedFile(
        NetworkFile network,
        String dataset,
        Split split,
        int images,
        Map<String, Integer> ownImages,
        List<Measurement> measurements,
        List<SanityCheck> failed) {

    EvaluatedFile {
        ownImages = Map.copyOf(ownImages);
        measurements = List.copyOf(measurements);
        failed = List.copyOf(failed);
    }

    /** The document of the contract. */
    record Document(
            String file, String architecture, String dataset, Split split, int images, List<MetricDocument> metrics) {}

    /** One number; {@code value} is null where it is none, {@code images} are there where they are not the document's. */
    record MetricDocument(
            String metric,
            Optional<BigDecimal> at,
            Optional<String> space,
            Optional<Double> value,
            String status,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String variant,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> images) {

        static MetricDocument of(Measurement measurement, Optional<Integer> images) {
            return new MetricDocument(
                    measurement.metric(),
                    measurement.at(),
                    measurement.space(),
                    Optional.of(measurement.value()).filter(Double::isFinite),
                    measurement.status(),
                    measurement.variant(),
                    images);
        }
    }

    Document document() {
        return new Document(
                network.path().toString(),
                network.weights().architecture().label(),
                dataset,
                split,
                images,
                measurements.stream()
                        .map(measurement -> MetricDocument.of(
                                measurement, Optional.ofNullable(ownImages.get(measurement.metric()))))
                        .toList());
    }
}
