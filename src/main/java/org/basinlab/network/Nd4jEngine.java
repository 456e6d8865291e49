package org.basinlab.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's CPU backend on OpenBLAS. Arrays are made once, as views of blocks; only {@code gemm} runs in a step, since
 * ND4J's elementwise operations and updaters were slower here than Java loops.
 */
final class Nd4jEngine implements Engine {

    private static final Pattern JAR = Pattern.compile("nd4j-api-([^/!]+)\\.jar");
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private final EngineDescription description;

    private Nd4jEngine(EngineDescription description) {
        this.description = description;
    }

    /** Loads the natives and sets one thread; to be called once a process, before any other use of ND4J. */
    static Nd4jEngine start() {
        System.setProperty(ND4JSystemProperties.LOG_INITIALIZATION, "false");
        // ServiceLoader would ask the context class loader, which inside Quarkus does not see the backend.
        ND4JClassLoading.setNd4jClassloaderFromClass(Nd4jEngine.class);
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        try (INDArray one = Nd4j.ones(DataType.FLOAT, 1, 1);
                INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {1, 1}, 'f')) {
            // ND4J sets as many BLAS threads as there are cores when it first multiplies: ours must come after.
            Nd4j.gemm(one, one, product, false, false, 1, 0);
        }
        openblas.blas_set_num_threads(1);
        return new Nd4jEngine(new EngineDescription(
                "ND4J " + version(),
                openblas.OPENBLAS_VERSION.strip(),
                OpenBlasKernel.find().orElse("unknown"),
                openblas.blas_get_num_threads(),
                cpu()));
    }

    @Override
    public Block allocate(long floats) {
        if (floats < 1 || floats > MOST_FLOATS) {
            throw new IllegalArgumentException(
                    "one block of memory holds 1 to %d values, was asked for %d".formatted(MOST_FLOATS, floats));
        }
        return new Nd4jBlock(Nd4j.create(DataType.FLOAT, floats));
    }

    @Override
    public Product product(Matrix left, Matrix right, Matrix result) {
        INDArray a = array(left);
        INDArray b = array(right);
        INDArray c = array(result);
        boolean transposeA = left.transposed();
        boolean transposeB = right.transposed();
        return () -> Nd4j.gemm(a, b, c, transposeA, transposeB, 1, 0);
    }

    private static INDArray array(Matrix matrix) {
        INDArray values = ((Nd4jBlock) matrix.block()).open();
        long[] shape = {matrix.rows(), matrix.columns()};
        long[] strides = {1, matrix.rows()};
        return Nd4j.create(values.data(), shape, strides, matrix.offset(), 'f');
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    /** From the name of its jar: the jar itself does not say. */
    private static String version() {
        return Optional.ofNullable(Nd4j.class.getProtectionDomain().getCodeSource())
                .map(CodeSource::getLocation)
                .map(location -> JAR.matcher(location.toString()))
                .filter(Matcher::find)
                .map(jar -> jar.group(1))
                .orElse("unknown");
    }

    private static String cpu() {
        if (Files.isReadable(CPU_INFO)) {
            try (Stream<String> lines = Files.lines(CPU_INFO)) {
                Optional<String> name = lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst();
                if (name.isPresent()) {
                    return name.get();
                }
            } catch (IOException e) {
                return System.getProperty("os.arch") + " (" + CPU_INFO + ": " + e.getMessage() + ")";
            }
        }
        return System.getProperty("os.arch");
    }

    /** Memory of one flat array; closing gives it back at once instead of when the garbage is collected. */
    private static final class Nd4jBlock implements Block {

        private final INDArray values;
        private final ByteBuffer bytes;

        Nd4jBlock(INDArray values) {
            this.values = values;
            bytes = values.data().asNio();
        }

        INDArray open() {
            if (values.wasClosed()) {
                throw new IllegalStateException("this memory was given back");
            }
            return values;
        }

        @Override
        public ByteBuffer bytes() {
            open();
            return bytes.duplicate().order(ByteOrder.nativeOrder());
        }

        @Override
        public void close() {
            if (!values.wasClosed()) {
                values.close();
            }
        }
    }
}
