package org.basinlab.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that this run started, and the only kind that it ever signals. */
final class Child {

    private static final int LINES_SHOWN = 5;

    private final String name;
    private final Process process;
    private final Path log;
    private volatile boolean expectedToEnd;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a process whose output goes to {@code log}.
     *
     * @param variables set beside those of this process; an empty value removes one
     */
    static Child start(String name, List<String> command, Map<String, String> variables, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(Path.of("/dev/null").toFile());
        variables.forEach((variable, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(variable);
            } else {
                builder.environment().put(variable, value);
            }
        });
        try {
            return new Child(name, builder.start(), log);
        } catch (IOException e) {
            throw new ChaosException("%s must start: %s".formatted(name, e.getMessage()), e);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit status, once it has ended. */
    int status() {
        return process.exitValue();
    }

    /** It will end, or has, for a reason of this run. */
    void expectEnd() {
        expectedToEnd = true;
    }

    boolean isExpectedToEnd() {
        return expectedToEnd;
    }

    /** {@code kill -9}; returns when it is gone. */
    void kill() {
        expectEnd();
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(30));
    }

    /** SIGTERM: it may end in order. */
    void terminate() {
        expectEnd();
        process.destroy();
    }

    /** SIGSTOP: it stands still, with all its connections open. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT: it goes on as if no time had passed. */
    void thaw() {
        signal("CONT");
    }

    /** Whether it ended within that time. */
    boolean awaitEnd(Duration most) {
        try {
            return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("the run of faults was interrupted");
        }
    }

    /** The end of what it said. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("; ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }

    /** Whether it has said that by now. */
    boolean said(String words) {
        try {
            return Files.readString(log).contains(words);
        } catch (IOException e) {
            throw new ChaosException("the log of %s cannot be read: %s".formatted(name, e.getMessage()), e);
        }
    }

    private void signal(String name) {
        if (!process.isAlive()) {
            return;
        }
        try {
            int status = new ProcessBuilder("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (status != 0 && process.isAlive()) {
                throw new ChaosException(
                        "process %d must take the signal %s, kill ended with %d".formatted(pid(), name, status));
            }
        } catch (IOException e) {
            throw new ChaosException("a signal needs /bin/sh: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("the run of faults was interrupted");
        }
    }
}
