package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.basinlab.cli.Program.Ended;
import org.basinlab.cli.Program.Running;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server, workers and client commands on one store. What serves or works, and orders that start a server of their own for a moment, are
 * processes; what asks the server, or only reads the store, does so within this one.
 */
class QueueCommandsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final long MOST_SECONDS = 60;

    @TempDir
    private static Path place;

    private static Program program;
    private static Running serving;
    private static String server;

    @BeforeAll
    static void serve() throws Exception {
        // As for the processes: what ships would be taken into the store first.
        System.setProperty("basinlab.evidence", "off");
        program = new Program(place);
        serving = program.start("serve", "--workers", "0", "--port", "0");
        server = serving.awaitWord("serving (http://\\S+) with 0 slots");
    }

    @AfterAll
    static void end_the_server() throws Exception {
        System.clearProperty("basinlab.evidence");
        if (serving != null) {
            serving.process().destroy();
            serving.await();
        }
    }

    @Test
    void what_is_submitted_is_run_by_workers_and_seen_alike_in_the_store_and_at_a_server() throws Exception {
        String study = probe("seen", "chain", 6, "0.4").toString();
        Called submitted = there("submit", study);
        Ended again = program.run("submit", study, "--json");
        assertThat(submitted.code()).as(submitted.err()).isZero();
        String id = JSON.readTree(again.out()).get("id").asText();
        CompletableFuture<Called> follower = CompletableFuture.supplyAsync(() -> there("tasks", "seen", "--follow"));

        Ended worked = program.run("worker", "--slots", "2", "--until-idle");
        Called followed = follower.get(MOST_SECONDS, TimeUnit.SECONDS);

        assertThat(submitted.out()).contains(id, "6 tasks", "basinlab tasks " + id.substring(0, 8) + " --follow");
        assertThat(followed.code()).as(followed.err()).isZero();
        assertThat(followed.out()).contains("seen succeeded: 6 tasks, 6 succeeded");
        assertThat(followed.out().lines().filter(line -> line.contains("main/probe") && line.contains("succeeded")))
                .hasSize(6);
        assertThat(worked.code()).as(worked.err()).isZero();
        assertThat(worked.err()).contains("2 slots", "process", "nothing is left in the queue");
        Ended tasks = program.run("tasks", id, "--json");
        assertThat(here("tasks", id, "--json").out()).as("as a process").isEqualTo(tasks.out());
        String task = JSON.readTree(tasks.out()).get(0).get("id").asText();
        for (String[] command : new String[][] {
            {"studies", "--json"},
            {"tasks", "seen", "--json"},
            {"tasks", id.substring(0, 8), "--state", "succeeded"},
            {"tasks", task.substring(0, 13), "--json"},
            {"tasks", task},
            {"claims", "--json"},
            {"claims", "H1"}
        }) {
            Called direct = here(command);
            Called served = there(command);
            assertThat(direct.code()).as(direct.err()).isZero();
            assertThat(served.out()).as(String.join(" ", command)).isEqualTo(direct.out());
        }
        JsonNode direct = JSON.readTree(here("study", "seen", "--json").out());
        JsonNode served = JSON.readTree(there("study", "seen", "--json").out());
        assertThat(served.get("database").asText()).isEqualTo(server);
        assertThat(without(served, "database")).isEqualTo(without(direct, "database"));
    }

    /** On a store of their own: the worker that is told to stop is the last to use it, and stops the database after it gave back its task. */
    @Test
    void a_worker_that_is_told_to_stop_gives_its_task_back_and_another_ends_the_study(@TempDir Path alone)
            throws Exception {
        Program apart = new Program(alone);
        String study = probe("handed-over", "wide", 2, "3").toString();
        assertThat(apart.run("submit", study).code()).isZero();
        Running first = apart.start("worker", "--slots", "1");
        first.awaitWord("runs ([0-9a-f]{8}) probe");

        first.process().destroy();
        Ended stopped = first.await();
        Called left = in(alone, "tasks", "handed-over", "--json");
        Ended second = apart.run("worker", "--slots", "2", "--until-idle");
        Called done = in(alone, "tasks", "handed-over", "--state", "succeeded", "--json");

        assertThat(stopped.code()).isEqualTo(143);
        assertThat(stopped.err()).contains("draining: nothing more is taken", "ended");
        assertThat(JSON.readTree(left.out()))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.get("state").asText()).isIn("READY", "SUCCEEDED"));
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(JSON.readTree(done.out())).hasSize(2);
    }

    @Test
    void studies_are_steered_in_the_store_and_at_a_server_alike() throws Exception {
        there("submit", probe("steered", "chain", 3, "0").toString());
        there("submit", probe("dropped", "chain", 3, "0").toString());

        Ended paused = program.run("pause", "steered");
        Called pausedAgain = there("pause", "steered");
        Called changed = there("set", "steered", "--priority", "5", "--max-running", "2");
        Called cancelled = there("cancel", "dropped", "--json");
        Ended cancelledAgain = program.run("cancel", "dropped");
        Ended resumedEnded = program.run("resume", "dropped");
        Called resumedEndedThere = there("resume", "dropped");
        Called unknown = there("cancel", "unheard");
        Ended idle = program.run("worker", "--until-idle", "--slots", "1");
        Called resumed = there("resume", "steered");
        Ended worked = program.run("worker", "--until-idle", "--slots", "1");
        Called followed = here("tasks", "steered", "--follow");
        Called followedCancelled = there("tasks", "dropped", "--follow");

        assertThat(paused.out()).as(paused.err()).contains("is paused (was queued)");
        assertThat(pausedAgain.out()).as(pausedAgain.err()).contains("is paused already, nothing was changed");
        assertThat(changed.out()).as(changed.err()).contains("priority 5, at most 2 tasks at a time");
        assertThat(JSON.readTree(cancelled.out()).get("tasks").asInt()).isEqualTo(3);
        assertThat(cancelledAgain.out()).contains("is cancelled already");
        assertThat(resumedEnded.code()).isEqualTo(2);
        assertThat(resumedEndedThere.code()).isEqualTo(2);
        assertThat(resumedEnded.err())
                .startsWith("starting a server for a moment")
                .endsWith(resumedEndedThere.err());
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).hasLineCount(1).contains("no study has the id or name 'unheard'");
        assertThat(idle.err()).doesNotContain("runs");
        assertThat(resumed.out()).contains("(was paused)");
        assertThat(worked.code()).as(worked.err()).isZero();
        assertThat(followed.code()).as(followed.err()).isZero();
        assertThat(followedCancelled.code()).isEqualTo(1);
    }

    @Test
    void schedules_are_kept_in_the_store_and_at_a_server_alike() throws Exception {
        String nightly = Files.writeString(place.resolve("nightly.yaml"), """
                study: nightly
                probe: { shape: wide, tasks: 2 }
                schedule: { cron: "0 0 2 1 1 ? 2099", timeZone: "+02:00" }
                """).toString();
        String wrong = Files.writeString(
                        place.resolve("wrong.yaml"),
                        Files.readString(Path.of(nightly)).replace("0 0 2", "0 0 25"))
                .toString();

        Ended entered = program.run("submit", nightly);
        Called again = there("submit", nightly);
        Called refused = there("submit", wrong);
        Called listed = here("schedules");
        Called listedThere = there("schedules");
        Called off = there("schedules", "nightly", "--disable", "--json");
        Ended on = program.run("schedules", "nightly", "--enable", "--json");
        Called removed = there("schedules", "nightly", "--remove");
        Called gone = here("schedules", "nightly", "--remove");
        Called none = there("schedules");

        assertThat(entered.out()).as(entered.err()).contains("nightly: fires at '0 0 2 1 1 ? 2099' (+02:00)");
        assertThat(entered.out()).doesNotContain("there before");
        assertThat(again.out())
                .as(again.err())
                .contains("the same schedule was there before", "next 2099-01-01T00:00:00Z");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).hasLineCount(1).contains("wrong.yaml:3:", "hours in 0-23, had '25'");
        assertThat(listed.out()).as(listed.err()).contains("nightly", "+02:00", "2099-01-01T00:00:00Z");
        assertThat(listedThere.out()).isEqualTo(listed.out());
        assertThat(JSON.readTree(off.out()).get("enabled").asBoolean(true)).isFalse();
        assertThat(JSON.readTree(on.out()).get("enabled").asBoolean(false)).isTrue();
        assertThat(removed.out()).as(removed.err()).contains("is taken out");
        assertThat(gone.code()).isEqualTo(2);
        assertThat(gone.err()).hasLineCount(1).contains("no schedule has the id or name 'nightly'");
        assertThat(none.out()).contains("no schedules");
    }

    @Test
    void what_is_there_is_extended_and_what_failed_tried_again() throws Exception {
        String trained = Files.writeString(place.resolve("trained.yaml"), """
                study: trained
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [4] } }
                training: { seeds: { from: 0, count: 2 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
                evaluate: { weight-norm: {} }
                """).toString();
        String failing = Files.writeString(place.resolve("failing.yaml"), """
                study: failing
                probe: { shape: wide, tasks: 2, misbehave: { rejects: 1 } }
                """).toString();
        there("submit", trained);
        there("submit", failing);
        program.run("worker", "--until-idle", "--slots", "1");

        Called extended = there("extend", "trained", "--seeds", "2:1");
        Ended same = program.run("extend", "trained", "--seeds", "2:1");
        Called sameThere = there("extend", "trained", "--seeds", "2:1");
        Called unknown = there("extend", "unheard", "--seeds", "2:1");
        Called retried = there("retry", "failing");
        Ended nothingFailed = program.run("retry", "trained");
        program.run("worker", "--until-idle", "--slots", "1");
        Called tasks = here("tasks", "trained", "--state", "succeeded", "--json");
        Called tries = there("tasks", "failing", "--json");

        assertThat(extended.out()).as(extended.err()).contains("has version 2: 2 tasks are new, 4 stay");
        assertThat(same.code()).isEqualTo(2);
        assertThat(sameThere.err()).hasLineCount(1).contains("must be new to the study, trained has 2:1 of 2:1");
        assertThat(sameThere.code()).isEqualTo(2);
        assertThat(same.err()).endsWith(sameThere.err());
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).hasLineCount(1).contains("no study has the id or name 'unheard'");
        assertThat(retried.out()).as(retried.err()).contains("(was failed): 2 tasks are in the queue again");
        assertThat(nothingFailed.code()).isEqualTo(2);
        assertThat(nothingFailed.err()).hasLineCount(2).contains("nothing did");
        assertThat(JSON.readTree(tasks.out())).hasSize(6);
        assertThat(JSON.readTree(tries.out()))
                .allSatisfy(task -> assertThat(task.get("attempts").asInt()).isEqualTo(2));
    }

    /** Of the server. */
    private static Called there(String... command) {
        return Called.with(with(command, "--server", server));
    }

    /** Of the store itself. */
    private static Called here(String... command) {
        return in(place, command);
    }

    private static Called in(Path folder, String... command) {
        return Called.with(with(command, "--data-home", folder.resolve("home").toString()));
    }

    private Path probe(String name, String shape, int tasks, String seconds) throws Exception {
        return Files.writeString(place.resolve(name + ".yaml"), """
                study: %s
                probe: { shape: %s, tasks: %d, seconds: %s }
                """.formatted(name, shape, tasks, seconds));
    }

    private static Object[] with(String[] command, String... further) {
        return Stream.concat(Stream.of(command), Stream.of(further)).toArray();
    }

    private static Map<?, ?> without(JsonNode node, String key) {
        Map<?, ?> fields = JSON.convertValue(node, Map.class);
        fields.remove(key);
        return fields;
    }
}
