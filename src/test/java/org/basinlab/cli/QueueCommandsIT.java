package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.basinlab.cli.Program.Ended;
import org.basinlab.cli.Program.Running;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server, workers and client commands as processes on one store. */
class QueueCommandsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path place;

    private Program program;
    private final List<Running> running = new ArrayList<>();

    @BeforeEach
    void name_the_place() {
        program = new Program(place);
    }

    @AfterEach
    void end_what_runs() throws Exception {
        for (Running one : running) {
            one.process().destroy();
        }
        for (Running one : running) {
            one.await();
        }
    }

    @Test
    void what_is_submitted_is_run_by_workers_and_seen_alike_in_the_store_and_at_a_server() throws Exception {
        String study = probe("seen", "chain", 6, "0.4").toString();
        Ended submitted = program.run("submit", study);
        Ended again = program.run("submit", study, "--json");
        assertThat(submitted.code()).as(submitted.err()).isZero();
        String id = JSON.readTree(again.out()).get("id").asText();
        String server = serve();
        Running follower = program.start("tasks", "seen", "--follow", "--server", server);
        Running worker = program.start("worker", "--slots", "2", "--until-idle");

        Ended followed = follower.await();
        Ended worked = worker.await();

        assertThat(submitted.out()).contains(id, "6 tasks", "basinlab tasks " + id.substring(0, 8) + " --follow");
        assertThat(followed.code()).as(followed.err()).isZero();
        assertThat(followed.out()).contains("seen succeeded: 6 tasks, 6 succeeded");
        assertThat(followed.out().lines().filter(line -> line.contains("main/probe") && line.contains("succeeded")))
                .hasSize(6);
        assertThat(worked.code()).as(worked.err()).isZero();
        assertThat(worked.err()).contains("2 slots", "process", "nothing is left in the queue");
        String task = JSON.readTree(program.run("tasks", id, "--json").out())
                .get(0)
                .get("id")
                .asText();
        for (String[] command : new String[][] {
            {"studies", "--json"},
            {"tasks", "seen", "--json"},
            {"tasks", id.substring(0, 8), "--state", "succeeded"},
            {"tasks", task.substring(0, 13), "--json"},
            {"tasks", task}
        }) {
            Ended direct = program.run(command);
            Ended served = program.run(with(command, "--server", server));
            assertThat(direct.code()).as(direct.err()).isZero();
            assertThat(served.out()).as(String.join(" ", command)).isEqualTo(direct.out());
        }
        JsonNode direct = JSON.readTree(program.run("study", "seen", "--json").out());
        JsonNode served = JSON.readTree(
                program.run("study", "seen", "--json", "--server", server).out());
        assertThat(served.get("database").asText()).isEqualTo(server);
        assertThat(without(served, "database")).isEqualTo(without(direct, "database"));
    }

    @Test
    void a_worker_that_is_told_to_stop_gives_its_task_back_and_another_ends_the_study() throws Exception {
        String study = probe("handed-over", "wide", 2, "3").toString();
        assertThat(program.run("submit", study).code()).isZero();
        Running first = program.start("worker", "--slots", "1");
        first.awaitWord("runs ([0-9a-f]{8}) probe");

        first.process().destroy();
        Ended stopped = first.await();
        Ended left = program.run("tasks", "handed-over", "--json");
        Ended second = program.run("worker", "--slots", "2", "--until-idle");

        assertThat(stopped.code()).isEqualTo(143);
        assertThat(JSON.readTree(left.out()))
                .allSatisfy(task -> assertThat(task.get("state").asText()).isIn("READY", "SUCCEEDED"));
        assertThat(second.code()).as(second.err()).isZero();
        Ended failures = program.run("tasks", "handed-over", "--state", "succeeded", "--json");
        assertThat(JSON.readTree(failures.out())).hasSize(2);
    }

    @Test
    void studies_are_steered_in_the_store_and_at_a_server_alike() throws Exception {
        program.run("submit", probe("steered", "chain", 3, "0").toString());
        program.run("submit", probe("dropped", "chain", 3, "0").toString());
        String server = serve();

        Ended paused = program.run("pause", "steered");
        Ended pausedAgain = program.run("pause", "steered", "--server", server);
        Ended changed = program.run("set", "steered", "--priority", "5", "--max-running", "2", "--server", server);
        Ended cancelled = program.run("cancel", "dropped", "--json", "--server", server);
        Ended cancelledAgain = program.run("cancel", "dropped");
        Ended resumedEnded = program.run("resume", "dropped");
        Ended resumedEndedThere = program.run("resume", "dropped", "--server", server);
        Ended unknown = program.run("cancel", "unheard", "--server", server);
        Ended idle = program.run("worker", "--until-idle", "--slots", "1");
        Ended resumed = program.run("resume", "steered", "--server", server);
        Ended worked = program.run("worker", "--until-idle", "--slots", "1");
        Ended followed = program.run("tasks", "steered", "--follow");
        Ended followedCancelled = program.run("tasks", "dropped", "--follow", "--server", server);

        assertThat(paused.out()).as(paused.err()).contains("is paused (was queued)");
        assertThat(pausedAgain.out()).as(pausedAgain.err()).contains("is paused already, nothing was changed");
        assertThat(changed.out()).as(changed.err()).contains("priority 5, at most 2 tasks at a time");
        assertThat(JSON.readTree(cancelled.out()).get("tasks").asInt()).isEqualTo(3);
        assertThat(cancelledAgain.out()).contains("is cancelled already");
        assertThat(resumedEnded.code()).isEqualTo(2);
        assertThat(resumedEndedThere.code()).isEqualTo(2);
        assertThat(resumedEnded.err()).hasLineCount(1).isEqualTo(resumedEndedThere.err());
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
        String server = serve();

        Ended again = program.run("submit", nightly, "--server", server);
        Ended refused = program.run("submit", wrong, "--server", server);
        Ended listed = program.run("schedules");
        Ended listedThere = program.run("schedules", "--server", server);
        Ended off = program.run("schedules", "nightly", "--disable", "--json", "--server", server);
        Ended on = program.run("schedules", "nightly", "--enable", "--json");
        Ended removed = program.run("schedules", "nightly", "--remove", "--server", server);
        Ended gone = program.run("schedules", "nightly", "--remove");
        Ended none = program.run("schedules", "--server", server);

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
        program.run("submit", trained);
        program.run("submit", failing);
        String server = serve();
        program.run("worker", "--until-idle", "--slots", "1");

        Ended extended = program.run("extend", "trained", "--seeds", "2:1", "--server", server);
        Ended same = program.run("extend", "trained", "--seeds", "2:1");
        Ended sameThere = program.run("extend", "trained", "--seeds", "2:1", "--server", server);
        Ended unknown = program.run("extend", "unheard", "--seeds", "2:1", "--server", server);
        Ended retried = program.run("retry", "failing", "--server", server);
        Ended nothingFailed = program.run("retry", "trained");
        program.run("worker", "--until-idle", "--slots", "1");
        Ended tasks = program.run("tasks", "trained", "--state", "succeeded", "--json");
        Ended tries = program.run("tasks", "failing", "--json", "--server", server);

        assertThat(extended.out()).as(extended.err()).contains("has version 2: 2 tasks are new, 4 stay");
        assertThat(same.code()).isEqualTo(2);
        assertThat(same.err()).hasLineCount(1).contains("must be new to the study, trained has 2:1 of 2:1");
        assertThat(sameThere.code()).isEqualTo(2);
        assertThat(sameThere.err()).isEqualTo(same.err());
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).hasLineCount(1).contains("no study has the id or name 'unheard'");
        assertThat(retried.out()).as(retried.err()).contains("(was failed): 2 tasks are in the queue again");
        assertThat(nothingFailed.code()).isEqualTo(2);
        assertThat(nothingFailed.err()).hasLineCount(1).contains("nothing did");
        assertThat(JSON.readTree(tasks.out())).hasSize(6);
        assertThat(JSON.readTree(tries.out()))
                .allSatisfy(task -> assertThat(task.get("attempts").asInt()).isEqualTo(2));
    }

    private String serve() throws Exception {
        Running server = program.start("serve", "--workers", "0", "--port", "0");
        running.add(server);
        return server.awaitWord("serving (http://\\S+) with 0 slots");
    }

    private Path probe(String name, String shape, int tasks, String seconds) throws Exception {
        return Files.writeString(place.resolve(name + ".yaml"), """
                study: %s
                probe: { shape: %s, tasks: %d, seconds: %s }
                """.formatted(name, shape, tasks, seconds));
    }

    private static String[] with(String[] command, String... further) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(further));
        return all.toArray(String[]::new);
    }

    private static Map<?, ?> without(JsonNode node, String key) {
        Map<?, ?> fields = JSON.convertValue(node, Map.class);
        fields.remove(key);
        return fields;
    }
}
