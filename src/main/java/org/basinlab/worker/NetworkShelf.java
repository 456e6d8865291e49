package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import org.basinlab.dispatch.StartNetworks;
import org.basinlab.ledger.Checkpoints;
import org.basinlab.network.Safetensors;
import org.basinlab.network.SafetensorsFile;
import org.basinlab.recipe.Architecture;

/** The networks of the store as tasks read them; the ones used last stay in memory. */
@ApplicationScoped
class NetworkShelf implements StartNetworks {

    private final Checkpoints checkpoints;
    private final long mostBytes;

    /** In the order of use, the longest unused first. */
    private final LinkedHashMap<String, SafetensorsFile> recent = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    NetworkShelf(Checkpoints checkpoints, WorkerConfig config) {
        this.checkpoints = checkpoints;
        this.mostBytes = config.networkCache().asLongValue();
    }

    /**
     * The network of this digest.
     *
     * @throws org.basinlab.ledger.CheckpointException if its bytes cannot be had
     */
    SafetensorsFile get(String sha256) {
        synchronized (recent) {
            SafetensorsFile known = recent.get(sha256);
            if (known != null) {
                return known;
            }
        }
        SafetensorsFile read = Safetensors.read(checkpoints.read(sha256));
        keep(sha256, read);
        return read;
    }

    @Override
    public Architecture architecture(String sha256) {
        return get(sha256).weights().architecture();
    }

    private void keep(String sha256, SafetensorsFile file) {
        synchronized (recent) {
            if (recent.put(sha256, file) == null) {
                bytes += size(file);
            }
            var oldest = recent.entrySet().iterator();
            while (bytes > mostBytes && oldest.hasNext()) {
                Map.Entry<String, SafetensorsFile> out = oldest.next();
                bytes -= size(out.getValue());
                oldest.remove();
            }
        }
    }

    private static long size(SafetensorsFile file) {
        return (long) Float.BYTES * file.weights().size();
    }
}
