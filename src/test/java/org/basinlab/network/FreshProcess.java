package org.basinlab.network;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A main method in a Java machine of its own. */
public final class FreshProcess {

    private FreshProcess() {}

    /**
     * What it prints on its standard output.
     *
     * @param keep which entries of this process's class path it gets
     */
    public static String run(Class<?> main, Predicate<String> keep, String... arguments)
            throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String kept = Pattern.compile(File.pathSeparator)
                .splitAsStream(classPath)
                .filter(keep)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", kept, main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException("%s must end with 0, ended with %d: %s".formatted(main, exit, output));
        }
        return output.strip();
    }
}
