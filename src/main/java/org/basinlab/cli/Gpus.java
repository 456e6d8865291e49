package org.basinlab.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The GPUs that NVIDIA's driver shows. */
final class Gpus {

    private static final int MOST_SECONDS = 10;

    private Gpus() {}

    /** Name, compute capability and driver version of each; empty where there is no driver, or it does not answer. */
    static List<String> list() {
        ProcessBuilder query = new ProcessBuilder(
                "nvidia-smi", "--query-gpu=name,compute_cap,driver_version", "--format=csv,noheader");
        query.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = query.start();
            process.getOutputStream().close();
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            String lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? parse(lines) : List.of();
        } catch (IOException e) {
            return List.of(); // there is no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    static List<String> parse(String lines) {
        return lines.lines()
                .map(line -> line.split("\\s*,\\s*"))
                .filter(fields -> fields.length == 3)
                .map(fields -> "%s, compute capability %s, driver %s".formatted((Object[]) fields))
                .toList();
    }
}
