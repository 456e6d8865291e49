package org.basinlab.chaos;

import java.time.Duration;

/** The server that is taking a submission dies; whoever submits tries again with the same key, and must be heard. */
record ServerKilled(int afterMillis, long study) implements Fault {

    private static final Duration LONGEST = Duration.ofMinutes(2);

    @Override
    public String label() {
        return "server-killed";
    }

    @Override
    public String settings() {
        return "%d ms after a submission was sent".formatted(afterMillis);
    }

    @Override
    public Struck strike(Scene scene) {
        Child server = scene.processes().server(0);
        String key = scene.submitter().newKey();
        Threads.Attempt submitting =
                Threads.attempt("submission", () -> scene.submitter().submit(scene.smallStudy(study), key, LONGEST));
        Threads.sleep(Duration.ofMillis(afterMillis));
        boolean before = scene.submitter().isAcknowledged(key);
        server.kill();
        scene.processes().refill();
        Struck struck = Struck.nobody(
                before ? "the study was taken in before the kill" : "the study was asked for again after the kill");
        for (String fault : submitting.await()) {
            struck = struck.wrong("a submission must be taken in though a server dies: " + fault);
        }
        return scene.submitter().isAcknowledged(key)
                ? struck
                : struck.wrong("the study of the key %s was never taken in".formatted(key));
    }
}
