package org.basinlab.network;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Shows ND4J one of the backends on the class path. Left alone it takes the one with the highest priority, which only the
 * environment of the process can change, and goes over to another without a word.
 */
final class OneBackend extends ClassLoader {

    private static final String SERVICES = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

    /** By the name of the jar: a folder may be called anything. */
    private static final Pattern CUDA = Pattern.compile("nd4j-cuda[^/]*\\.jar!/");

    private final Device device;

    OneBackend(ClassLoader parent, Device device) {
        super(parent);
        this.device = device;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Enumeration<URL> all = super.getResources(name);
        if (!name.equals(SERVICES)) {
            return all;
        }
        List<URL> chosen = new ArrayList<>();
        for (URL url : Collections.list(all)) {
            if (CUDA.matcher(url.toString()).find() == (device == Device.GPU)) {
                chosen.add(url);
            }
        }
        return Collections.enumeration(chosen);
    }
}
