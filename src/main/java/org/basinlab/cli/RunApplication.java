package org.basinlab.cli;

import io.quarkus.runtime.QuarkusApplication;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.basinlab.dispatch.Intake;
import org.basinlab.dispatch.Slots;
import org.basinlab.ledger.Reports;
import org.basinlab.ledger.ResultRow;
import org.basinlab.ledger.StudyProgress;
import org.basinlab.ledger.StudyView;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.Arm;
import org.basinlab.study.ClaimRegister;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.Effects;
import org.basinlab.verdict.Verdicts;
import org.basinlab.worker.ThisMachine;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskSpec;

/** Runs one study to its end and prints what came out. */
public final class RunApplication implements QuarkusApplication {

    private static final long BETWEEN_LOOKS_MILLIS = 500;

    private static final long LONGEST_BETWEEN_LOOKS_MILLIS = 3_000;

    /** Looking takes at most one part of so many: the store has better to do where a study has many tasks. */
    private static final long SHARE_OF_LOOKING = 25;

    private static final Set<String> MAKES_NO_NETWORK = Arrays.stream(TaskSpec.Kind.values())
            .filter(kind -> !kind.makesNetwork())
            .map(TaskSpec.Kind::label)
            .collect(Collectors.toUnmodifiableSet());

    private final Intake intake;
    private final Slots slots;
    private final ThisMachine machine;
    private final Reports reports;
    private final Verdicts verdicts;
    private final DataSource database;
    private final PrintStream err = System.err;

    RunApplication(Intake intake, Slots slots, ThisMachine machine, DataSource database, ClaimRegister register) {
        this.intake = intake;
        this.slots = slots;
        this.machine = machine;
        this.database = database;
        this.reports = new Reports(database);
        this.verdicts = new Verdicts(register, Optional.of(database));
    }

    @Override
    public int run(String... args) throws InterruptedException {
        long started = System.nanoTime();
        if (Launch.isProcessEnding()) {
            // Ctrl-C came while the server was starting, before it listened to it.
            return ExitCode.INTERRUPTED;
        }
        Launch launch = Launch.current();
        Launch.Run wanted = launch.run().orElseThrow();
        Intake.Accepted accepted = wanted.another()
                ? intake.submit(wanted.study(), wanted.specification())
                : intake.resumeOrSubmit(wanted.study(), wanted.specification());
        UUID id = accepted.study().id();
        announce(accepted, launch);
        if (!accepted.study().state().isTerminal()) {
            launch.requireRoom(shareToCome(id), accepted.dataBytes());
            intake.keepData(wanted.study());
            launch.web().ifPresent(web -> err.println("pages while it runs: " + web.url()));
            slots.start(machine.facts(launch.slots()), Optional.of(id));
            follow(id);
        }
        if (Launch.isProcessEnding()) {
            slots.stop();
            return ExitCode.INTERRUPTED;
        }
        StudyView view = reports.findStudy(id).orElseThrow();
        List<ResultRow> rows = reports.table(id);
        List<ClaimLine> claims = verdicts.lines(id);
        Duration wall = Duration.ofNanos(System.nanoTime() - started);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        if (launch.options().json()) {
            out.println(CanonicalJson.write(
                    RunDocument.of(view, rows, claims, wall, Launch.store().shownUrl())));
        } else {
            print(view, rows, claims, wall, out);
            if (wanted.study().arms().stream().anyMatch(Arm::isOfFactors)) {
                out.println();
                new EffectText(Effects.of(database, id)).print(out);
            }
        }
        return StudyState.valueOf(view.state()) == StudyState.SUCCEEDED ? ExitCode.DONE : ExitCode.SOMETHING_FAILED;
    }

    private void announce(Intake.Accepted accepted, Launch launch) {
        StudyView view = reports.findStudy(accepted.study().id()).orElseThrow();
        int done = view.tasksByState().getOrDefault("SUCCEEDED", 0);
        String what = accepted.resumed() ? "going on with" : "running";
        String already = done == 0 ? "" : ", %d of them done before".formatted(done);
        err.println("%s %s (study %s): %d tasks%s, %d at a time"
                .formatted(what, view.name(), view.id(), view.tasks(), already, launch.slots()));
    }

    private double shareToCome(UUID id) {
        List<StudyProgress.Kind> making = reports.progress(id).kinds().stream()
                .filter(kind -> !MAKES_NO_NETWORK.contains(kind.kind()))
                .toList();
        int all = making.stream().mapToInt(StudyProgress.Kind::all).sum();
        int done = making.stream().mapToInt(StudyProgress.Kind::done).sum();
        return all == 0 ? 0 : (double) (all - done) / all;
    }

    private void follow(UUID id) throws InterruptedException {
        LiveDisplay display = new LiveDisplay(err);
        while (!Launch.isProcessEnding()) {
            long asked = System.nanoTime();
            if (showProgress(id, display)) {
                break;
            }
            long tookMillis = (System.nanoTime() - asked) / 1_000_000;
            Optional<String> broken = slots.broken();
            if (broken.isPresent()) {
                display.end();
                throw new UnusableException(broken.get());
            }
            long pause = Math.max(BETWEEN_LOOKS_MILLIS, SHARE_OF_LOOKING * tookMillis);
            Thread.sleep(Math.min(pause, LONGEST_BETWEEN_LOOKS_MILLIS));
        }
        display.end();
    }

    /** Whether the study is at its end. While the store does not answer nobody knows; the slots say when that is too long. */
    private boolean showProgress(UUID id, LiveDisplay display) {
        StudyProgress progress;
        try {
            progress = reports.progress(id);
        } catch (IllegalStateException e) {
            return false;
        }
        display.show(progress, slots.running());
        return StudyState.valueOf(progress.state()).isTerminal();
    }

    private void print(StudyView view, List<ResultRow> rows, List<ClaimLine> claims, Duration wall, PrintWriter out) {
        out.println();
        out.println("%s: %s in %s, %d tasks%s"
                .formatted(
                        view.name(),
                        view.state().toLowerCase(Locale.ROOT),
                        Sizes.clock(wall),
                        view.tasks(),
                        view.reused() == 0 ? "" : ", %d of them reused".formatted(view.reused())));
        out.println("mean ± standard deviation over the networks of a line; accuracy is a fraction, loss in nats");
        out.println();
        new StudyTable(view.id(), rows).print(out);
        if (view.name().equals("quickstart")) {
            out.println("This shows the machinery on generated images and answers no paper. On CIFAR-10:");
            out.println("  ./basinlab run hierarchical-rebasin-small --data-dir FOLDER-WITH-CIFAR-10");
            out.println();
        }
        SqlHint.print(view.id(), Launch.store(), out);
        if (!claims.isEmpty()) {
            out.println();
            out.println("Claims");
            new ClaimTable(claims, false).print(out);
        }
    }
}
