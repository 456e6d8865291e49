package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One family of metrics that a study asks for of every network. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = MetricRequest.Accuracy.class, name = "accuracy"),
    @JsonSubTypes.Type(value = MetricRequest.WeightNorm.class, name = "weight-norm")
})
public sealed interface MetricRequest {

    /** Its name in a specification. */
    @JsonIgnore
    String label();

    /** Whether it looks at images; one that does is taken on each split. */
    @JsonIgnore
    boolean readsImages();

    /** Accuracy (a fraction) and mean cross-entropy (nats). */
    record Accuracy() implements MetricRequest {
        @Override
        public String label() {
            return "accuracy";
        }

        @Override
        public boolean readsImages() {
            return true;
        }
    }

    /** Σ over layers of ‖W‖_F + ‖b‖₂ (arXiv 2510.09174). */
    record WeightNorm() implements MetricRequest {
        @Override
        public String label() {
            return "weight-norm";
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }
}
