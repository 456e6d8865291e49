package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import org.basinlab.dispatch.StartNetworks;
import org.basinlab.ledger.Checkpoints;
import org.basinlab.network.Safetensors;
import org.basinlab.network.SafetensorsException;
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
     * @throws IllegalArgumentException if they are no network; the message names the checkpoint
     */
    SafetensorsFile get(String sha256) {
        synchronized (recent) {
            SafetensorsFile known = recent.get(sha256);
            if (known != null) {
                return known;
            }
        }
        SafetensorsFile read = read(sha256);
        keep(sha256, read);
        return read;
    }

    /**
     * The same of a network that another is to be made of.
     *
     * @throws IllegalArgumentException also if a weight is no finite number: what is made of it would look like a result
     */
    SafetensorsFile getFinite(String sha256) {
        SafetensorsFile file = get(sha256);
        if (!file.weights().isFinite()) {
            throw new IllegalArgumentException("checkpoint %s must hold finite weights, it does not".formatted(sha256));
        }
        return file;
    }

    private SafetensorsFile read(String sha256) {
        byte[] bytes = checkpoints.read(sha256);
        try {
            return Safetensors.read(bytes);
        } catch (SafetensorsException e) {
            throw new IllegalArgumentException("checkpoint %s: %s".formatted(sha256, e.getMessage()), e);
        }
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
