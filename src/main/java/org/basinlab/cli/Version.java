package org.basinlab.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"basinlab " + ofProgram()};
    }

    /** {@code 0.1.0}. */
    static String ofProgram() throws IOException {
        Properties build = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("build.properties")) {
            if (file == null) {
                throw new IllegalStateException("the build must hold build.properties beside " + Version.class);
            }
            build.load(file);
        }
        return build.getProperty("version");
    }
}
