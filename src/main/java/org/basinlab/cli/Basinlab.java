package org.basinlab.cli;

import io.quarkus.runtime.annotations.QuarkusMain;

@QuarkusMain
public final class Basinlab {
    private Basinlab() {}

    public static void main(String... args) {}
}
