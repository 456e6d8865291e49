package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {

    @TempDir
    Path folder;

    @Test
    void the_list_names_every_data_set_with_digest_licence_and_what_to_do() throws Exception {
        Files.createDirectories(folder.resolve("mnist"));
        Files.writeString(folder.resolve("mnist/t10k-labels-idx1-ubyte"), "x");

        Called table = Called.with("data", "list", "--data-dir", folder, "--data-home", folder);
        Called document = Called.with("data", "list", "--data-dir", folder, "--data-home", folder, "--json");

        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out())
                .contains(
                        "synthetic-shapes", "official", "38f71aa9e169…", "MIT", "CC BY-SA 3.0", "cite Krizhevsky 2009")
                .contains("mnist: " + folder.resolve("mnist") + " must hold the four files of mnist");
        JsonNode sets = new ObjectMapper().readTree(document.out());
        assertThat(sets.findValuesAsText("name"))
                .containsExactly("cifar10", "cifar100", "mnist", "fashion-mnist", "synthetic-shapes");
        JsonNode shapes = sets.get(4);
        assertThat(shapes.get("digest").asText()).hasSize(64);
        assertThat(shapes.get("official").asBoolean()).isTrue();
        assertThat(shapes.get("train").asInt()).isEqualTo(10_000);
        assertThat(sets.get(2).get("digest").isNull()).isTrue();
    }

    @Test
    void what_is_built_in_need_not_be_fetched() {
        Called called = Called.with("data", "fetch", "synthetic-shapes");

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()).contains("is already there: built in, official");
    }

    @Test
    void names_and_mirrors_that_are_none_are_refused() {
        Called name = Called.with("data", "fetch", "mnst");
        Called mirror = Called.with("data", "fetch", "mnist", "--mirror", "/home/me");

        assertThat(name.code()).isEqualTo(2);
        assertThat(name.err()).contains("was 'mnst' (did you mean mnist?)").hasLineCount(1);
        assertThat(mirror.code()).isEqualTo(2);
        assertThat(mirror.err()).contains("--mirror: a mirror must be an http or https address, was /home/me");
    }

    @Test
    void a_mirror_without_the_files_leaves_nothing_that_looks_like_them() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        try {
            String mirror = "http://127.0.0.1:" + server.getAddress().getPort();

            Called called = Called.with("data", "fetch", "mnist", "--to", folder, "--mirror", mirror);

            assertThat(called.code()).isEqualTo(3);
            assertThat(called.err())
                    .contains(mirror + "/mnist/train-images-idx3-ubyte.gz must be there to be fetched")
                    .hasLineCount(1);
            assertThat(folder.resolve("mnist/train-images-idx3-ubyte.gz")).doesNotExist();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void help_has_examples() {
        assertThat(Called.with("data", "fetch", "--help").out()).contains("Examples:", "--mirror", "--to");
    }
}
