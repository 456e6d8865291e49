package org.basinlab.network;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.basinlab.recipe.Architecture;

/** Both engines side by side in one process, whatever this process computes with otherwise. */
public final class Engines {

    private static final Map<EngineKind, Engine> STARTED = new EnumMap<>(EngineKind.class);

    private Engines() {}

    /** Networks with all weights zero and room for so many images. */
    public static IntFunction<ForwardPass> networks(EngineKind kind, Architecture architecture) {
        return images -> new ForwardPass(started(kind), architecture, images);
    }

    static synchronized Engine started(EngineKind kind) {
        return STARTED.computeIfAbsent(kind, engine -> Numerics.start(engine, Device.CPU));
    }
}
