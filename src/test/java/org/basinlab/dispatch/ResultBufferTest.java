package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultBufferTest {

    @TempDir
    Path folder;

    private ResultBuffer buffer() {
        return new ResultBuffer(ConfigOfTests.quick().buffering(folder));
    }

    private static Done done(long token) {
        return new Done(DoneFileTest.lease(token), new TaskOutcome.Rejected("number " + token));
    }

    private long folders() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    @Test
    void what_a_process_leaves_behind_the_next_one_hands_in_by_age_and_once() throws IOException {
        ResultBuffer first = buffer();
        List.of(10L, 9L, 100L).forEach(token -> first.keep(done(token)));
        first.forget(done(9));
        first.keep(done(8));
        first.close();
        List<Done> handedIn = new ArrayList<>();

        int count = buffer().handInLeftovers(handedIn::add);
        int again = buffer().handInLeftovers(handedIn::add);

        assertThat(handedIn).containsExactly(done(8), done(10), done(100));
        assertThat(count).isEqualTo(3);
        assertThat(again).isZero();
        assertThat(folders()).isZero();
    }

    @Test
    void what_a_living_process_keeps_is_its_own() {
        ResultBuffer living = buffer();
        living.keep(done(1));
        List<Done> handedIn = new ArrayList<>();

        buffer().handInLeftovers(handedIn::add);

        assertThat(handedIn).isEmpty();
        living.close();
    }

    @Test
    void what_cannot_be_handed_in_stays_for_the_next_time() {
        ResultBuffer first = buffer();
        first.keep(done(1));
        first.close();
        List<Done> handedIn = new ArrayList<>();

        assertThatIllegalStateException()
                .isThrownBy(() -> buffer().handInLeftovers(done -> {
                    throw new IllegalStateException("the store does not answer");
                }));
        buffer().handInLeftovers(handedIn::add);

        assertThat(handedIn).containsExactly(done(1));
    }

    @Test
    void a_damaged_result_is_set_aside_and_the_others_count() throws IOException {
        ResultBuffer first = buffer();
        first.keep(done(1));
        first.keep(done(2));
        first.close();
        try (Stream<Path> files = Files.walk(folder)) {
            Files.writeString(
                    files.filter(file -> file.endsWith("1.result")).findFirst().orElseThrow(), "x".repeat(100));
        }
        List<Done> handedIn = new ArrayList<>();

        buffer().handInLeftovers(handedIn::add);

        assertThat(handedIn).containsExactly(done(2));
    }

    @Test
    void a_process_that_kept_nothing_leaves_nothing() throws IOException {
        ResultBuffer buffer = buffer();
        buffer.keep(done(1));
        buffer.forget(done(1));

        buffer.close();

        assertThat(folders()).isZero();
    }
}
