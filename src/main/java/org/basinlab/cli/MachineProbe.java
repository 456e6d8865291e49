package org.basinlab.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.basinlab.dataset.DataSets;
import org.basinlab.embedded.EmbeddedPostgres;
import org.basinlab.network.EngineDescription;
import org.basinlab.network.Gpus;
import org.basinlab.network.Numerics;
import org.basinlab.network.NumericsUnavailable;

/** Looks at this machine: starts the engine and measures it for a second, but no PostgreSQL, and writes nothing. */
final class MachineProbe {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private MachineProbe() {}

    static Machine look(SharedOptions options) {
        return new Machine(
                "%s %s".formatted(System.getProperty("java.vm.name"), System.getProperty("java.vm.version")),
                "%s %s %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch")),
                Processor.parse(cpuInfo(), Runtime.getRuntime().availableProcessors()),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
                blas(),
                networks(),
                Optional.ofNullable(System.getenv("OPENBLAS_CORETYPE")).filter(type -> !type.isBlank()),
                new DataSets(options.dataPlaces()).list(),
                store(options),
                gpu(Gpus.ofThisMachine()));
    }

    private static List<String> cpuInfo() {
        try {
            return Files.readAllLines(CPU_INFO);
        } catch (IOException e) {
            return List.of(); // not on Linux, or without /proc: then the CPU says nothing of itself
        }
    }

    private static Machine.Blas blas() {
        try {
            EngineDescription engine = Numerics.prepare();
            return new Machine.Blas(Optional.of(engine), Optional.of(Numerics.gemmSpeed()), Optional.empty());
        } catch (NumericsUnavailable e) {
            return new Machine.Blas(Optional.empty(), Optional.empty(), Optional.ofNullable(e.getMessage()));
        }
    }

    private static Machine.Blas networks() {
        try {
            return new Machine.Blas(Optional.of(Numerics.prepareNetworks()), Optional.empty(), Optional.empty());
        } catch (NumericsUnavailable e) {
            return new Machine.Blas(Optional.empty(), Optional.empty(), Optional.ofNullable(e.getMessage()));
        }
    }

    private static Machine.StorePlace store(SharedOptions options) {
        if (options.database().isPresent()) {
            try (Store store = Store.open(options, line -> {})) {
                return new Machine.StorePlace(false, store.shownUrl(), true, Optional.empty(), Optional.empty());
            } catch (UnusableException | UsageException e) {
                return new Machine.StorePlace(
                        false,
                        "the database that was named",
                        false,
                        Optional.of(String.valueOf(e.getMessage())),
                        Optional.empty());
            }
        }
        Path home = options.dataHome();
        return new Machine.StorePlace(
                true,
                home.toString(),
                Files.exists(home.resolve(Path.of("postgres", "data", "PG_VERSION"))),
                EmbeddedPostgres.obstacle(home),
                freeBytes(home));
    }

    /** On the disk where the folder is or would be made. */
    private static Optional<Long> freeBytes(Path folder) {
        for (Path path = folder; path != null; path = path.getParent()) {
            if (Files.exists(path)) {
                try {
                    return Optional.of(Files.getFileStore(path).getUsableSpace());
                } catch (IOException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static String gpu(Gpus gpus) {
        String shown = gpus.all().stream()
                .map(gpu ->
                        "%s, compute capability %s, driver %s".formatted(gpu.name(), gpu.capability(), gpu.driver()))
                .collect(Collectors.joining("; "));
        String can = gpus.missing()
                .map(missing -> "--device gpu needs " + missing)
                .orElse("--device gpu computes on the first");
        return (shown.isEmpty() ? "none found" : shown) + "; " + can;
    }
}
