package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskRoomTest {

    @Test
    void a_disk_without_room_is_named_with_what_it_has() {
        assertThat(new DiskRoom(ConfigOfTests.quick().needing(Long.MAX_VALUE)).missing())
                .hasValueSatisfying(missing -> assertThat(missing)
                        .contains(System.getProperty("java.io.tmpdir"))
                        .contains("MB free before a task is taken"));
    }

    @Test
    void a_disk_with_room_is_none_to_speak_of() {
        assertThat(new DiskRoom(ConfigOfTests.quick()).missing()).isEmpty();
    }
}
