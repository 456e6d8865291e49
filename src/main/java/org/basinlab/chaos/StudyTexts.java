package org.basinlab.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A specification that is asked again and again under other seeds. */
record StudyTexts(String text) {

    private static final String SMALL = "/chaos/small.yaml";

    private static final String POISON = "/chaos/poison.yaml";

    private static final Pattern SEED = Pattern.compile("(?m)^seed:[^\\n]*$");

    /** Has every kind of task, and every place at which a process can die, in a few seconds. */
    static StudyTexts small() {
        return new StudyTexts(resource(SMALL));
    }

    /** Has tasks that fail in every way, and one that waits for all. */
    static StudyTexts poison() {
        return new StudyTexts(resource(POISON));
    }

    /** Has tasks that outlast a lease. */
    static StudyTexts slow() {
        return new StudyTexts(resource("/chaos/slow.yaml"));
    }

    /** The same question under another seed of the study: nothing of it is shared. */
    String withSeed(long seed) {
        String line = "seed: " + seed;
        return SEED.matcher(text).find()
                ? SEED.matcher(text).replaceFirst(line)
                : text + (text.endsWith("\n") ? "" : "\n") + line + "\n";
    }

    static String resource(String name) {
        try (InputStream in = StudyTexts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the program's file %s cannot be read".formatted(name), e);
        }
    }
}
