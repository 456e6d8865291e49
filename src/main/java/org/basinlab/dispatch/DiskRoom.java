package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.File;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the disks of this machine have room for what a task writes: asked before one is taken. */
@ApplicationScoped
class DiskRoom {

    private final DispatchConfig config;

    DiskRoom(DispatchConfig config) {
        this.config = config;
    }

    /** What is missing, in one line; empty where there is room. */
    Optional<String> missing() {
        long needed = config.freeSpace().asLongValue();
        return Stream.concat(
                        Stream.concat(config.storeFolder().stream(), config.buffer().stream()),
                        Stream.of(System.getProperty("java.io.tmpdir")))
                .map(File::new)
                .filter(File::exists)
                .filter(folder -> folder.getUsableSpace() < needed)
                .findFirst()
                .map(folder ->
                        "%s must have %d MB free before a task is taken, it has %d MB (basinlab.dispatch.free-space)"
                                .formatted(folder, needed >> 20, folder.getUsableSpace() >> 20));
    }
}
