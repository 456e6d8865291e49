package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FaultPointTest {

    @Test
    void a_process_dies_at_the_visit_that_was_named_and_at_no_other_place() {
        FaultPoint.Fuse fuse = FaultPoint.Fuse.read("after-claim:2").orElseThrow();

        assertThat(fuse.burnsAt(FaultPoint.AFTER_CLAIM)).isFalse();
        assertThat(fuse.burnsAt(FaultPoint.MID_EPOCH)).isFalse();
        assertThat(fuse.burnsAt(FaultPoint.AFTER_CLAIM)).isTrue();
        assertThat(fuse.burnsAt(FaultPoint.AFTER_CLAIM)).isFalse();
    }

    @Test
    void the_first_visit_is_meant_where_none_is_named() {
        assertThat(FaultPoint.Fuse.read("drain").orElseThrow().burnsAt(FaultPoint.DRAIN))
                .isTrue();
    }

    @Test
    void a_process_that_was_not_armed_passes_every_place() {
        assertThat(FaultPoint.isArmed()).isFalse();
        assertThat(FaultPoint.Fuse.read(null)).isEmpty();
        for (FaultPoint point : FaultPoint.values()) {
            point.reached();
            assertThat(FaultPoint.ofLabel(point.label())).isEqualTo(point);
        }
        assertThat(FaultPoint.values()).hasSize(13);
    }

    @Test
    void an_unknown_place_or_visit_is_refused() {
        assertThatThrownBy(() -> FaultPoint.Fuse.read("nowhere:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be one of after-claim, data-load")
                .hasMessageEndingWith("was 'nowhere'");
        assertThatThrownBy(() -> FaultPoint.Fuse.read("drain:0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("BASINLAB_FAULT_POINT must say at which visit, from 1, was '0'");
    }
}
