package org.basinlab.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Runs PostgreSQL's programs and waits for them.
 *
 * <p>PostgreSQL refuses to run as root. As root its programs therefore run in a user namespace of their own
 * ({@code unshare -U}), in which nobody is root: files keep their owner, only the privileges are gone.
 */
final class Command {

    /** What a program left behind: its exit status and its standard output and error together. */
    record Result(int status, String output) {

        private static final Pattern COMPLAINT =
                Pattern.compile("(?i)\\b(error|fatal|panic|failed|cannot|could not)\\b");

        private static final Pattern LOG_PREFIX = Pattern.compile("^.*?(?=(FATAL|PANIC|ERROR): )");

        /** The last line that complains, without the log's time stamp, else the last line. */
        String complaint() {
            List<String> lines = output.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            return lines.stream()
                    .filter(line -> COMPLAINT.matcher(line).find())
                    .reduce((earlier, later) -> later)
                    .or(() -> lines.stream().reduce((earlier, later) -> later))
                    .map(line -> LOG_PREFIX.matcher(line).replaceFirst(""))
                    .orElse("exit status " + status);
        }
    }

    private static final int UNREACHABLE = 7;

    private Command() {}

    /** Runs one of PostgreSQL's programs, as root without root's privileges. */
    static Result postgres(List<String> words) {
        List<String> all = new ArrayList<>(isRoot() ? List.of("unshare", "-U", "--") : List.of());
        all.addAll(words);
        return run(all);
    }

    /** Checks, when this process is root, that PostgreSQL's programs can be run and can reach {@code folder}. */
    static void requirePostgresMayUse(Path folder) {
        if (!isRoot()) {
            return;
        }
        Result probe = run(List.of(
                "unshare",
                "-U",
                "--",
                "/bin/sh",
                "-c",
                "test -w \"$1\" && test -x \"$1\" || exit " + UNREACHABLE,
                "sh",
                folder.toString()));
        if (probe.status() == UNREACHABLE) {
            throw new EmbeddedPostgresException(
                    "as root, Basinlab runs PostgreSQL without root's privileges, and so %s must be reachable by file permissions alone: choose a --data-home that root owns, or run Basinlab as the owner of this one"
                            .formatted(folder));
        }
        if (probe.status() != 0) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL refuses to run as root, and this system forbids the user namespace that would help (unshare -U: %s): run Basinlab as an ordinary user, or name a PostgreSQL with --database jdbc:postgresql://HOST:PORT/NAME"
                            .formatted(probe.complaint()));
        }
    }

    /** Runs {@code words} to the end; a program that cannot be started counts as one that failed. */
    static Result run(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.redirectInput(Path.of("/dev/null").toFile());
        // The programs bring their libraries, and PGDATA and its like are meant for somebody else's server.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.equals("LD_LIBRARY_PATH"));
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        }
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            process.destroy();
            return new Result(126, StoreLayout.reason(e));
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new EmbeddedPostgresException("interrupted while %s ran".formatted(words.get(0)), e);
        }
    }

    private static boolean isRoot() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("uid:"))
                    .anyMatch(line -> line.split("\\s+", -1)[2].equals("0"));
        } catch (IOException e) {
            // Without /proc nothing else here works either; the next step will say so.
            return false;
        }
    }
}
