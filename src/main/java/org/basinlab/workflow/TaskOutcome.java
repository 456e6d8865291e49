package org.basinlab.workflow;

import java.util.List;
import java.util.Optional;

/** How an attempt ended that ran to its end; unforeseen faults are exceptions and are tried again. */
public sealed interface TaskOutcome {

    /**
     * What came out.
     *
     * @param network present for tasks that make one
     * @param images what stands behind some of the measurements, image by image
     * @param checks of the attacks that were run
     */
    record Succeeded(
            Optional<NewNetwork> network,
            List<Measurement> measurements,
            List<ImageOutcome> images,
            List<SanityCheck> checks)
            implements TaskOutcome {
        public Succeeded {
            measurements = List.copyOf(measurements);
            images = List.copyOf(images);
            checks = List.copyOf(checks);
        }

        /** Without outcomes of images, and without attacks. */
        public Succeeded(Optional<NewNetwork> network, List<Measurement> measurements) {
            this(network, measurements, List.of(), List.of());
        }
    }

    /** What a judge says of its claims. */
    record Concluded(List<Conclusion> conclusions) implements TaskOutcome {
        public Concluded {
            conclusions = List.copyOf(conclusions);
        }
    }

    /** A foreseen failure which would come again: final. */
    record Rejected(String reason) implements TaskOutcome {}
}
