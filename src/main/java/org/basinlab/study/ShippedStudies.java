package org.basinlab.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The studies that come with the program, by name. */
public final class ShippedStudies {

    // Spelled out, because a packaged class path cannot be listed; also the only names that are looked up there.
    private static final List<String> NAMES = List.of(
            "quickstart",
            "hierarchical-rebasin-small",
            "mlp-readings",
            "hierarchical-rebasin-rehearsal",
            "hierarchical-rebasin-verdict",
            "hierarchical-lambda",
            "hierarchical-datasets",
            "rebasin-discrepancy-small",
            "rebasin-discrepancy",
            "git-rebasin-epochs-small",
            "git-rebasin-epochs",
            "git-rebasin-many-small",
            "git-rebasin-many",
            "git-rebasin-split-small",
            "git-rebasin-width-small",
            "git-rebasin-conditions-small",
            "git-rebasin-conditions",
            "hierarchical-rebasin",
            "git-rebasin-counterexample",
            "rethinking-weights-features-small",
            "rethinking-scaling-small",
            "rethinking-patterns-small",
            "rethinking-weights-features",
            "rethinking-scaling",
            "rethinking-patterns",
            "queue-probe");

    private ShippedStudies() {}

    /** In the order in which a new user would meet them. */
    public static List<String> names() {
        return NAMES;
    }

    /** The specification of that study, in YAML. */
    public static Optional<String> find(String name) {
        return NAMES.contains(name) ? Optional.of(text("/studies/%s.yaml".formatted(name))) : Optional.empty();
    }

    private static String text(String resource) {
        try (InputStream stream = ShippedStudies.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the program must contain %s, which is missing".formatted(resource));
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s of the program".formatted(resource), e);
        }
    }
}
