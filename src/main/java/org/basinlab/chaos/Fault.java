package org.basinlab.chaos;

import java.time.Duration;
import java.util.List;
import org.basinlab.ledger.FaultPoint;

/** Something that goes wrong, with all that was drawn for it. */
sealed interface Fault
        permits Fault.KilledAtPoint,
                RepeatedKills,
                ServerKilled,
                Fault.StoreRestarted,
                Fault.StoreKilled,
                Fault.SessionsEnded,
                Fault.ConnectionsTaken,
                Fault.NetworkCut,
                CutForEver,
                Fault.AnswersLost,
                Fault.SubmittedTwice,
                Fault.Frozen,
                Fault.Cancelled,
                Fault.Drained,
                Poisoned {

    String label();

    /** What was drawn, for people. */
    String settings();

    /** Lets it happen; returns when it is over and the system must recover. */
    Struck strike(Scene scene);

    /** A worker dies by {@code kill -9} at a place in the life of a task. */
    record KilledAtPoint(FaultPoint point, int visit, long study) implements Fault {

        @Override
        public String label() {
            return "killed-at-point";
        }

        @Override
        public String settings() {
            return point.label() + ", visit " + visit;
        }

        @Override
        public Struck strike(Scene scene) {
            return new DeathAtPoint(scene, this).await();
        }
    }

    /** The database is shut down and started again. */
    record StoreRestarted(int secondsAway) implements Fault {

        @Override
        public String label() {
            return "postgres-restart";
        }

        @Override
        public String settings() {
            return "away for %d s".formatted(secondsAway);
        }

        @Override
        public Struck strike(Scene scene) {
            scene.store().stop();
            Threads.sleep(Duration.ofSeconds(secondsAway));
            scene.store().start();
            return Struck.nobody().measured(Struck.Measured.RETURN);
        }
    }

    /** The database dies by {@code kill -9} and recovers. */
    record StoreKilled(int secondsAway) implements Fault {

        @Override
        public String label() {
            return "postgres-kill";
        }

        @Override
        public String settings() {
            return "away for %d s".formatted(secondsAway);
        }

        @Override
        public Struck strike(Scene scene) {
            scene.store().kill();
            Threads.sleep(Duration.ofSeconds(secondsAway));
            scene.store().start();
            return Struck.nobody().measured(Struck.Measured.RETURN);
        }
    }

    /** Sessions of the database are ended by its administrator, one after another. */
    record SessionsEnded(int perSecond, int seconds) implements Fault {

        @Override
        public String label() {
            return "pg-backend-kill";
        }

        @Override
        public String settings() {
            return "%d a second for %d s".formatted(perSecond, seconds);
        }

        @Override
        public Struck strike(Scene scene) {
            int ended = 0;
            for (int i = 0; i < perSecond * seconds; i++) {
                ended += scene.look().endOneSession();
                Threads.sleep(Duration.ofMillis(1_000 / perSecond));
            }
            return Struck.nobody(ended + " sessions ended").measured(Struck.Measured.SHARE_OF_BASELINE);
        }
    }

    /** Somebody takes all connections that the database has left, and lets them idle. */
    record ConnectionsTaken(int most, int seconds) implements Fault {

        @Override
        public String label() {
            return "pool-exhaustion";
        }

        @Override
        public String settings() {
            return "up to %d for %d s".formatted(most, seconds);
        }

        @Override
        public Struck strike(Scene scene) {
            int lost = scene.look().losses();
            try (IdleConnections taken = IdleConnections.take(scene.store(), most)) {
                Threads.sleep(Duration.ofSeconds(seconds));
                int falselyLost = Look.losses(taken.any()) - lost;
                Struck struck = Struck.nobody(taken.count() + " connections taken");
                return falselyLost <= 0
                        ? struck
                        : struck.wrong(falselyLost + " leases were lost while nobody had died");
            }
        }
    }

    /** The network between one worker and the database is cut, and whole again. */
    record NetworkCut(int worker, int seconds) implements Fault {

        @Override
        public String label() {
            return "network-cut";
        }

        @Override
        public String settings() {
            return "worker %d for %d s".formatted(worker, seconds);
        }

        @Override
        public Struck strike(Scene scene) {
            Relay relay = scene.processes().relay(worker);
            relay.become(Relay.Mode.CUT);
            Threads.sleep(Duration.ofSeconds(seconds));
            relay.become(Relay.Mode.WHOLE);
            return Struck.nobody();
        }
    }

    /** What a worker sends arrives, no answer does, and then its connections are gone: it says everything twice. */
    record AnswersLost(int worker, int seconds) implements Fault {

        @Override
        public String label() {
            return "answers-lost";
        }

        @Override
        public String settings() {
            return "worker %d for %d s".formatted(worker, seconds);
        }

        @Override
        public Struck strike(Scene scene) {
            Relay relay = scene.processes().relay(worker);
            relay.become(Relay.Mode.DEAF);
            Threads.sleep(Duration.ofSeconds(seconds));
            relay.sever();
            relay.become(Relay.Mode.WHOLE);
            return Struck.nobody();
        }
    }

    /** One submission is sent several times at once, under one key. */
    record SubmittedTwice(int times, long study) implements Fault {

        @Override
        public String label() {
            return "submitted-twice";
        }

        @Override
        public String settings() {
            return times + " times at once";
        }

        @Override
        public Struck strike(Scene scene) {
            return scene.submitter().submitAtOnce(scene.smallStudy(study), times);
        }
    }

    /** A worker stands still for longer than its lease and goes on as if nothing had been: all it says is late. */
    record Frozen(int worker, int seconds) implements Fault {

        @Override
        public String label() {
            return "late-messages";
        }

        @Override
        public String settings() {
            return "worker %d stands still for %d s".formatted(worker, seconds);
        }

        @Override
        public Struck strike(Scene scene) {
            Child victim = scene.processes().worker(worker);
            victim.freeze();
            try {
                Threads.sleep(Duration.ofSeconds(seconds));
            } finally {
                victim.thaw();
            }
            return Struck.nobody();
        }
    }

    /** A study is cancelled while it is wherever it is by then. */
    record Cancelled(int afterMillis, long study) implements Fault {

        /** The study had ended before. */
        private static final int CONFLICT = 409;

        @Override
        public String label() {
            return "cancelled";
        }

        @Override
        public String settings() {
            return "%d ms after it was taken in".formatted(afterMillis);
        }

        @Override
        public Struck strike(Scene scene) {
            Submitter.Taken taken = scene.submitter().submitUncompared(scene.smallStudy(study));
            Threads.sleep(Duration.ofMillis(afterMillis));
            int answer = scene.submitter().cancel(taken);
            String state = scene.look().stateOf(taken.id());
            Struck struck = Struck.nobody("answered %d, the study is %s".formatted(answer, state));
            boolean right = answer == CONFLICT ? scene.look().isEnded(taken.id()) : state.equals("CANCELLED");
            return right
                    ? struck
                    : struck.wrong("a study whose cancelling was answered %d is %s".formatted(answer, state));
        }
    }

    /** A worker is asked to end (SIGTERM), as before its machine goes away. */
    record Drained(int worker) implements Fault {

        private static final Duration GRACE = Duration.ofSeconds(60);

        @Override
        public String label() {
            return "drained";
        }

        @Override
        public String settings() {
            return "worker " + worker;
        }

        @Override
        public Struck strike(Scene scene) {
            Child victim = scene.processes().worker(worker);
            long asked = System.nanoTime();
            victim.terminate();
            if (!victim.awaitEnd(GRACE)) {
                victim.kill();
                return Struck.wrong(victim.pid(), "did not end within %d s of SIGTERM".formatted(GRACE.toSeconds()));
            }
            int charged = scene.look().chargedAtDrain(victim.pid());
            if (charged > 0) {
                return Struck.wrong(
                        victim.pid(), "%d attempts were charged to a worker that was drained".formatted(charged));
            }
            return Struck.dead(List.of(victim.pid()))
                    .with("ended %.1f s after SIGTERM".formatted((System.nanoTime() - asked) / 1e9));
        }
    }
}
