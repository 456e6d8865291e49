package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.basinlab.api.TaskBody;
import org.basinlab.dispatch.Intake;
import org.basinlab.ledger.Controlled;
import org.basinlab.ledger.Listings;
import org.basinlab.ledger.Memo;
import org.basinlab.ledger.Page;
import org.basinlab.ledger.Reports;
import org.basinlab.ledger.ResultRow;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.ledger.ScheduleViews;
import org.basinlab.ledger.Slice;
import org.basinlab.ledger.StudyControl;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.StudyWatch;
import org.basinlab.ledger.TaskLog;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskView;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.SeedRange;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.EffectTable;
import org.basinlab.verdict.Effects;
import org.basinlab.verdict.Verdicts;
import org.basinlab.workflow.TaskSpec;
import org.basinlab.workflow.TaskState;
import org.jspecify.annotations.Nullable;

/** The store itself: questions go over a plain connection, orders start a server for a moment. */
final class StoreDesk implements Desk {

    static final String ACTOR = "cli";

    private static final int MOST = 1_000;

    private static final int MOST_OF_ONE_BEGINNING = 100;

    private static final long BETWEEN_LOOKS_MILLIS = 250;

    /** Looking takes at most one part of so many. */
    private static final long SHARE_OF_LOOKING = 25;

    private static final long LONGEST_BETWEEN_LOOKS_MILLIS = 3_000;

    private final SharedOptions shared;
    private final PrintWriter err;
    private @Nullable Store store;

    StoreDesk(SharedOptions shared, PrintWriter err) {
        this.shared = shared;
        this.err = err;
    }

    @Override
    public String address() {
        return opened().shownUrl();
    }

    @Override
    public Optional<Store> store() {
        return Optional.of(opened());
    }

    @Override
    public List<StudyView> studies() {
        return reports().map(Reports::listStudies).orElse(List.of());
    }

    @Override
    public List<StudyView> studiesLike(String idOrName) {
        return reports().map(reports -> like(reports, idOrName)).orElse(List.of());
    }

    private static List<StudyView> like(Reports reports, String idOrName) {
        return reports.listMatches(idOrName).stream()
                .map(reports::findStudy)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public List<TaskView> tasksBeginningWith(String beginning) {
        return reports().isEmpty() ? List.of() : listings().tasksBeginningWith(beginning, MOST_OF_ONE_BEGINNING);
    }

    @Override
    public List<ResultRow> table(UUID study) {
        return reports().map(reports -> reports.table(study)).orElse(List.of());
    }

    @Override
    public List<ClaimLine> claims(UUID study) {
        return new Verdicts(ClaimRegister.shipped(), StoreReports.claims(opened())).lines(study);
    }

    @Override
    public EffectTable effects(UUID study) {
        return Effects.of(database(), study);
    }

    @Override
    public List<TaskView> tasks(UUID study, Optional<TaskState> state, Optional<TaskSpec.Kind> kind) {
        return all(slice -> listings().tasks(study, state, kind, slice));
    }

    @Override
    public TaskBody task(UUID task) {
        return TaskBody.of(listings().findTask(task).orElseThrow(), new Memo(database()).explain(task));
    }

    @Override
    public List<TaskLogLine> log(UUID task) {
        return all(slice -> new TaskLog(database()).page(task, slice));
    }

    @Override
    public void follow(UUID study, Watcher watcher) throws InterruptedException {
        StudyWatch watch = new StudyWatch(database(), study, Optional.empty());
        while (true) {
            long began = System.nanoTime();
            if (watcher.see(watch.look())) {
                return;
            }
            long tookMillis = (System.nanoTime() - began) / 1_000_000;
            Thread.sleep(Math.min(
                    LONGEST_BETWEEN_LOOKS_MILLIS, Math.max(BETWEEN_LOOKS_MILLIS, SHARE_OF_LOOKING * tookMillis)));
        }
    }

    @Override
    public Controlled steer(Order order, Meaning.Thing target) {
        UUID id = target.id();
        return errand(parts -> {
            StudyControl control = parts.control();
            return switch (order) {
                case PAUSE -> control.pause(id, ACTOR);
                case RESUME -> control.resume(id, ACTOR);
                case CANCEL -> control.cancel(id, ACTOR);
                case RETRY -> control.retry(id, ACTOR);
            };
        });
    }

    @Override
    public StudyView change(UUID study, Settings settings) {
        return errand(parts -> {
            parts.control().change(study, settings.priority(), settings.limit(), ACTOR);
            return new Reports(parts.database()).findStudy(study).orElseThrow();
        });
    }

    @Override
    public Intake.Extended extend(UUID study, SeedRange seeds) {
        return errand(parts -> parts.intake().extend(study, seeds, ACTOR));
    }

    @Override
    public Submitted submit(StudySource source, boolean another) {
        return errand(parts -> new Submission(source, another, err::println).on(parts));
    }

    @Override
    public List<ScheduleView> schedules() {
        return reports().isEmpty() ? List.of() : new ScheduleViews(database()).list();
    }

    @Override
    public Optional<ScheduleView> turn(Turn turn, UUID schedule) {
        return errand(parts -> switch (turn) {
            case ENABLE -> Optional.of(parts.schedules().enable(schedule, ACTOR));
            case DISABLE -> Optional.of(parts.schedules().disable(schedule, ACTOR));
            case REMOVE -> {
                parts.schedules().remove(schedule, ACTOR);
                yield Optional.empty();
            }
        });
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
            store = null;
        }
    }

    private <T> T errand(Errand<T> errand) {
        err.println(
                "starting a server for a moment, which takes seconds; where one runs, --server URL asks that, at once");
        return Errand.run(shared, errand);
    }

    private Optional<Reports> reports() {
        return StoreReports.open(opened());
    }

    private Listings listings() {
        return new Listings(database());
    }

    private DataSource database() {
        return opened().dataSource();
    }

    private Store opened() {
        Store open = store;
        if (open == null) {
            open = Store.open(shared, err::println);
            store = open;
            if (open.isOwn() && StoreReports.isOld(open)) {
                // One that was named is its server's to bring up to date.
                FreshStore.prepare(shared);
            }
        }
        return open;
    }

    private static <T> List<T> all(Function<Slice, Page<T>> list) {
        List<T> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page<T> page = list.apply(new Slice(MOST, after));
            all.addAll(page.items());
            after = page.next();
        } while (after.isPresent());
        return all;
    }
}
