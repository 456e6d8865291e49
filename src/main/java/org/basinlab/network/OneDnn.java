package org.basinlab.network;

import java.nio.file.Path;
import java.util.Optional;
import org.basinlab.recipe.Extent;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * The library oneDNN on the CPU of this machine, loaded at its first use: what computes networks that are no perceptrons. It
 * asks OpenMP for its threads, whose number belongs to the thread that asks: every entry calls {@link #useOneThread}.
 */
final class OneDnn {

    private final engine cpu;
    private final stream queue;
    private final primitive_attr attributes;
    /** OpenMP's functions as Fortran sees them, which take addresses: the bindings can call those, and no others. */
    private final openblas.LAPACK_C_SELECT1 setThreads;

    private final openblas.LAPACK_C_SELECT1 mostThreads;
    private final FloatPointer one;
    private final EngineDescription description;

    private OneDnn() {
        cpu = new engine(engine.kind.cpu, 0);
        queue = new stream(cpu);
        attributes = new primitive_attr();
        attributes.set_scratchpad_mode(org.bytedeco.dnnl.global.dnnl.scratchpad_mode.user);
        Path library = Path.of(Loader.load(org.bytedeco.dnnl.global.dnnl.class));
        setThreads = function("omp_set_num_threads_", library);
        mostThreads = function("omp_get_max_threads_", library);
        one = new FloatPointer(new IntPointer(1).put(1));
        useOneThread();
        description = describe();
    }

    private static openblas.LAPACK_C_SELECT1 function(String name, Path library) {
        Pointer address = Loader.addressof(name);
        if (address == null) {
            Loader.loadGlobal(library.resolveSibling("libgomp.so.1").toString());
            address = Loader.addressof(name);
        }
        if (address == null) {
            throw new IllegalStateException("OpenMP has no " + name + ", its threads cannot be set to one");
        }
        PointerPointer<Pointer> holder = new PointerPointer<>(2);
        holder.put(0, address).put(1, (Pointer) null);
        return new openblas.LAPACK_C_SELECT1(holder);
    }

    private EngineDescription describe() {
        dnnl_version_t version = org.bytedeco.dnnl.global.dnnl.version();
        return new EngineDescription(
                EngineKind.NATIVE_BLAS,
                EngineKind.NATIVE_BLAS.label(),
                "oneDNN %d.%d.%d".formatted(version.major(), version.minor(), version.patch()),
                org.bytedeco.dnnl.global.dnnl.get_effective_cpu_isa().toString(),
                mostThreads.call(one),
                Processor.name(),
                EngineDescription.CPU);
    }

    /**
     * The library.
     *
     * @throws NumericsUnavailable if it does not load on this machine
     */
    static OneDnn library() {
        return Start.ONLY.library.orElseThrow(() -> {
            Throwable failure = Start.ONLY.failure.orElseThrow();
            return new NumericsUnavailable("oneDNN", failure);
        });
    }

    /** Sets the primitives that this thread makes or runs to one thread. */
    void useOneThread() {
        setThreads.call(one);
        int threads = mostThreads.call(one);
        if (threads != 1) {
            throw new IllegalStateException("oneDNN must use 1 thread, OpenMP gives it " + threads);
        }
    }

    /** What computes, its library in the place of the BLAS. */
    EngineDescription description() {
        return description;
    }

    engine cpu() {
        return cpu;
    }

    stream queue() {
        return queue;
    }

    /** That the caller provides the memory which a primitive works in. */
    primitive_attr attributes() {
        return attributes;
    }

    /** Images in the order {@code [images][positions][channels]}. */
    static memory.desc images(int count, Extent extent) {
        return plain(memory.format_tag.nhwc, count, extent.channels(), extent.height(), extent.width());
    }

    /** Images in the order {@code [images][channels][positions]}. */
    static memory.desc channelMajor(int count, Extent extent) {
        return plain(memory.format_tag.nchw, count, extent.channels(), extent.height(), extent.width());
    }

    static memory.desc vector(long values) {
        return plain(memory.format_tag.a, values);
    }

    /** {@code [rows][columns]}, row after row. */
    static memory.desc rows(long rows, long columns) {
        return plain(memory.format_tag.ab, rows, columns);
    }

    /** {@code [rows][columns]} of what lies column after column. */
    static memory.desc columns(long rows, long columns) {
        return plain(memory.format_tag.ba, rows, columns);
    }

    static memory.desc plain(memory.format_tag order, long... axes) {
        return new memory.desc(axes, memory.data_type.f32, order);
    }

    /** Float32 values at steps of one's own. */
    static memory.desc strided(long[] axes, long[] strides) {
        return new memory.desc(axes, memory.data_type.f32, strides);
    }

    /** The one start of this process; a failure is kept, since the cause is named at the first attempt only. */
    private static final class Start {

        static final Start ONLY = new Start();

        final Optional<OneDnn> library;
        final Optional<Throwable> failure;

        private Start() {
            Optional<OneDnn> started = Optional.empty();
            Optional<Throwable> failed = Optional.empty();
            try {
                started = Optional.of(new OneDnn());
            } catch (LinkageError | RuntimeException e) {
                failed = Optional.of(e);
            }
            library = started;
            failure = failed;
        }
    }
}
