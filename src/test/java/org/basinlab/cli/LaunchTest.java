package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaunchTest {

    @Test
    void results_that_wait_for_one_store_lie_where_no_other_looks() {
        Path home = Path.of("home");

        Path own = Launch.waitingResults(home, Optional.empty());
        Path one = Launch.waitingResults(home, Optional.of("jdbc:postgresql://a/basinlab?user=x"));
        Path same = Launch.waitingResults(home, Optional.of("jdbc:postgresql://a/basinlab?user=y"));
        Path other = Launch.waitingResults(home, Optional.of("jdbc:postgresql://b/basinlab"));

        assertThat(own).isEqualTo(Path.of("home", "waiting-results"));
        assertThat(one).isEqualTo(same).isNotEqualTo(other).isNotEqualTo(own);
    }
}
