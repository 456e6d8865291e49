package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.basinlab.ledger.WorkerFacts;
import org.basinlab.network.EngineDescription;
import org.basinlab.network.Numerics;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What this process says of itself when it begins to take tasks. */
@ApplicationScoped
public class ThisMachine {

    private final String version;

    ThisMachine(@ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        this.version = version;
    }

    /** Starts the numerics, so that a machine without usable natives is refused here and not in a task. */
    public WorkerFacts facts(int slots) {
        EngineDescription engine = Numerics.prepare();
        Map<String, String> environment = new TreeMap<>();
        environment.put("code", version);
        environment.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        environment.put("engine", engine.engine());
        environment.put("blas", engine.blas());
        environment.put("kernel", engine.kernel());
        environment.put("cpu", engine.cpu());
        environment.put("device", engine.device());
        environment.put("threads", Integer.toString(engine.threads()));
        ProcessHandle process = ProcessHandle.current();
        return new WorkerFacts(
                host(),
                machine(),
                process.pid(),
                process.info().startInstant(),
                slots,
                engine.device().equals(EngineDescription.CPU) ? "cpu" : "gpu",
                Runtime.getRuntime().maxMemory(),
                environment);
    }

    /** Process numbers begin anew with every start of a machine and are counted apart in every container. */
    private static String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
                    + " "
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException e) {
            return host();
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
        }
    }
}
