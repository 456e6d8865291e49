package org.basinlab.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code basinlab serve}: the server with its pages, HTTP interface and slots, until it is stopped. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves pages and the HTTP interface, and runs what is in the queue, until it is stopped.",
        footer = {"", "Examples:", "  basinlab serve", "  basinlab serve --workers 0 --port 9000"})
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "How many tasks run at a time (default: the cores, 1 on a GPU; 0: none).")
    private @Nullable Integer workers;

    @Option(
            names = "--host",
            paramLabel = "H",
            defaultValue = "127.0.0.1",
            description = "The address to listen at (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8080",
            description = "The port to listen at (default: ${DEFAULT-VALUE}; 0: any free one).")
    private int port;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private SharedOptions shared;

    @Override
    public Integer call() {
        Launch.Web web = Launch.Web.at(host, port);
        int slots = Launch.slots(workers, 0, compute.usualSlots());
        compute.engine(); // refuses what is no engine even where nothing is computed
        if (slots > 0) {
            compute.settle();
        }
        return new Launch(shared, slots, Optional.of(web), Optional.empty()).start(ServeApplication.class);
    }
}
