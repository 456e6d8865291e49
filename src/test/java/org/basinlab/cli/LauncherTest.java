package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a copy of the repository's skeleton, with a Java and a Maven that only record their calls. */
class LauncherTest {

    private record Outcome(int status, String out, String err) {}

    private final Path folder;
    private final Path home;
    private final Path tools;
    private final Path mavenCalls;

    LauncherTest(@TempDir Path folder) {
        this.folder = folder;
        home = folder.resolve("the repository");
        tools = folder.resolve("jdk");
        mavenCalls = folder.resolve("maven-calls");
    }

    @BeforeEach
    void make_a_repository_and_its_tools() throws IOException {
        Files.createDirectories(home.resolve("src/main/java"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        age(home.resolve("pom.xml"), home.resolve("src/main/java"), home.resolve("src/main"));
        Files.copy(Path.of("basinlab"), home.resolve("basinlab"));
        executable(home.resolve("basinlab"), Files.readString(Path.of("basinlab")));
        executable(tools.resolve("bin/java"), "#!/bin/sh\necho \"java $* threads=$OMP_NUM_THREADS\"\n");
        executable(tools.resolve("bin/javac"), "#!/bin/sh\n");
        release("17.0.15");
        maven("mkdir -p target/quarkus-app && : > target/quarkus-app/quarkus-run.jar");
    }

    @Test
    void the_first_launch_builds_and_the_second_does_not() throws Exception {
        Outcome first = launch("run", "a study", "--json");
        Outcome second = launch("run", "a study", "--json");

        assertThat(first.status()).isZero();
        assertThat(first.err()).contains("first build: downloads").contains("takes about");
        assertThat(first.out())
                .endsWith("/quarkus-run.jar run a study --json threads=1\n")
                .hasLineCount(1);
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void changed_and_removed_sources_are_built_again() throws Exception {
        Path source = Files.createFile(home.resolve("src/main/java/A.java"));
        age(source, home.resolve("src/main/java"));
        launch();

        Files.writeString(source, "class A {}");
        launch();
        age(source);
        Files.delete(source);
        launch();
        launch();

        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void a_failed_build_shows_the_end_of_its_log_and_is_tried_again() throws Exception {
        launch();
        Files.writeString(home.resolve("pom.xml"), "<project>");
        maven("echo 'cannot find symbol'; exit 1");

        Outcome failed = launch();
        maven(":");
        Outcome mended = launch();

        assertThat(failed.status()).isEqualTo(3);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("cannot find symbol").contains("target/launcher.log");
        assertThat(mended.status()).isZero();
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void verbose_shows_the_build_on_standard_error_only() throws Exception {
        maven("echo compiling; mkdir -p target/quarkus-app && : > target/quarkus-app/quarkus-run.jar");

        Outcome outcome = launch("doctor", "--verbose");

        assertThat(outcome.err()).contains("\ncompiling\n");
        assertThat(outcome.out()).doesNotContain("compiling").contains("doctor --verbose");
    }

    @Test
    @Timeout(60)
    void launches_at_the_same_time_build_once() throws Exception {
        assumeThat(Path.of("/usr/bin/flock")).exists();
        // The first build ends only when the second launch waits for it.
        Path waiting = folder.resolve("second/err");
        maven(
                "until grep -q waiting '%s'; do :; done; mkdir -p target/quarkus-app && : > target/quarkus-app/quarkus-run.jar"
                        .formatted(waiting));
        Process first = start(Files.createDirectory(folder.resolve("first")), home.resolve("basinlab"), List.of());
        Process second = start(Files.createDirectory(folder.resolve("second")), home.resolve("basinlab"), List.of());
        Path other = folder.resolve("first/err");
        while (!Files.readString(waiting).contains("waiting")) {
            // Either may have come first.
            if (Files.readString(other).contains("waiting")) {
                Files.writeString(waiting, "waiting");
            }
            Thread.onSpinWait();
        }

        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void a_symbolic_link_to_the_launcher_finds_its_repository() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("the repository", "basinlab"));

        Outcome outcome = run(link, List.of("--help"));

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains(home.toRealPath() + "/target/quarkus-app/quarkus-run.jar --help");
    }

    @Test
    void an_old_java_is_refused_in_one_line() throws Exception {
        release("11.0.2");

        Outcome outcome = launch();

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err())
                .hasLineCount(1)
                .contains("Java 17 or newer is needed")
                .contains("is Java 11.0.2");
    }

    @Test
    void a_java_without_compiler_is_refused_only_when_something_must_be_built() throws Exception {
        launch();
        Files.delete(tools.resolve("bin/javac"));

        Outcome built = launch();
        Files.writeString(home.resolve("pom.xml"), "<project>");
        Outcome changed = launch();

        assertThat(built.status()).isZero();
        assertThat(changed.status()).isEqualTo(3);
        assertThat(changed.err()).hasLineCount(1).contains("has no javac");
    }

    @Test
    void a_newer_java_gets_the_flags_it_asks_for() throws Exception {
        release("25");

        assertThat(launch().out()).contains("--enable-native-access=ALL-UNNAMED");
    }

    private Outcome launch(String... arguments) throws IOException, InterruptedException {
        return run(home.resolve("basinlab"), List.of(arguments));
    }

    private Outcome run(Path script, List<String> arguments) throws IOException, InterruptedException {
        Path streams = Files.createTempDirectory(folder, "streams");
        int status = start(streams, script, arguments).waitFor();
        return new Outcome(status, Files.readString(streams.resolve("out")), Files.readString(streams.resolve("err")));
    }

    private Process start(Path streams, Path script, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", script.toString()));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectOutput(streams.resolve("out").toFile())
                .redirectError(streams.resolve("err").toFile());
        builder.environment().put("JAVA_HOME", tools.toString());
        builder.environment().put("PATH", tools.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().remove("OMP_NUM_THREADS");
        builder.environment().remove("BASINLAB_JAVA_OPTS");
        return builder.start();
    }

    private void maven(String build) throws IOException {
        executable(tools.resolve("bin/mvn"), """
                #!/bin/sh
                if [ "$1" = -version ]; then
                  echo "Apache Maven 3.9.1"
                  exit
                fi
                echo built >> '%s'
                %s
                """.formatted(mavenCalls, build));
    }

    private int builds() throws IOException {
        return Files.readAllLines(mavenCalls).size();
    }

    private void release(String version) throws IOException {
        Files.writeString(tools.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
    }

    private static void executable(Path file, String content) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** File times may be coarse; what is not changed by the test lies in the past. */
    private static void age(Path... paths) throws IOException {
        for (Path path : paths) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        }
    }
}
