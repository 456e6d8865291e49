package org.basinlab.network;

import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinlab.recipe.Graph;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's operations throughout, on arrays that are made once and stay on the device of its backend: in a step only the
 * batch goes there, and nothing comes back.
 */
final class Nd4jEngine implements Engine {

    private static final Pattern JAR = Pattern.compile("nd4j-api-([^/!]+)\\.jar");

    private final EngineDescription description;

    private Nd4jEngine(EngineDescription description) {
        this.description = description;
    }

    /** Loads the natives and sets one thread; to be called before any other use of ND4J. */
    static Nd4jEngine start(Device device) {
        System.setProperty(ND4JSystemProperties.LOG_INITIALIZATION, "false");
        // ServiceLoader would ask the context class loader, which inside Quarkus does not see the backend; where
        // there are two it would take the one for a GPU, and the other without a word if that fails.
        ND4JClassLoading.setNd4jClassloader(new OneBackend(Nd4jEngine.class.getClassLoader(), device));
        if (device == Device.GPU) {
            useFirstGpuOnly();
        }
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        try (INDArray one = Nd4j.ones(DataType.FLOAT, 1, 1);
                INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {1, 1}, 'f')) {
            // ND4J sets as many BLAS threads as there are cores when it first uses BLAS: ours must come after.
            Nd4j.gemm(one, one, product, false, false, 1, 0);
            Nd4j.getBlasWrapper().level1().axpy(1, 1, one, product);
        }
        return new Nd4jEngine(Nd4j.getEnvironment().isCPU() ? describeCpu() : describeGpu());
    }

    /** Left alone ND4J gives its threads one GPU after another. By reflection: the class is in the CUDA backend only. */
    private static void useFirstGpuOnly() {
        try {
            Class<?> environment = Class.forName("org.nd4j.jita.conf.CudaEnvironment");
            Object configuration = environment
                    .getMethod("getConfiguration")
                    .invoke(environment.getMethod("getInstance").invoke(null));
            configuration.getClass().getMethod("allowMultiGPU", boolean.class).invoke(configuration, false);
            configuration.getClass().getMethod("useDevice", Integer.class).invoke(configuration, 0);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the CUDA backend of ND4J cannot be kept to one GPU: " + e, e);
        }
    }

    private static EngineDescription describeCpu() {
        openblas.blas_set_num_threads(1);
        return new EngineDescription(
                EngineKind.ND4J,
                name(),
                openblas.OPENBLAS_VERSION.strip(),
                OpenBlasKernel.find().orElse("unknown"),
                openblas.blas_get_num_threads(),
                Processor.name(),
                EngineDescription.CPU);
    }

    private static EngineDescription describeGpu() {
        Object devices =
                Nd4j.getExecutioner().getEnvironmentInformation().get(Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY);
        Object device = devices instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map<?, ?> first
                ? first.get(Nd4jEnvironment.CUDA_DEVICE_NAME_KEY)
                : "GPU";
        return new EngineDescription(
                EngineKind.ND4J, name(), "cuBLAS", "unknown", 1, Processor.name(), String.valueOf(device));
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    @Override
    public LoadedNetwork perceptron(List<Layer> layers, int mostImages) {
        return new Nd4jPerceptron(layers, mostImages);
    }

    @Override
    public LoadedNetwork network(Graph graph, int mostImages) {
        throw perceptronsOnly();
    }

    @Override
    public EngineDescription describeNetworks() {
        throw perceptronsOnly();
    }

    private static IllegalArgumentException perceptronsOnly() {
        return new IllegalArgumentException("engine %s computes perceptrons only: use engine %s, on the CPU"
                .formatted(EngineKind.ND4J.label(), EngineKind.NATIVE_BLAS.label()));
    }

    /** With the version from the name of its jar: the jar itself does not say. */
    private static String name() {
        String version = Optional.ofNullable(Nd4j.class.getProtectionDomain().getCodeSource())
                .map(CodeSource::getLocation)
                .map(location -> JAR.matcher(location.toString()))
                .filter(Matcher::find)
                .map(jar -> jar.group(1))
                .orElse("unknown");
        return EngineKind.ND4J.label() + " " + version;
    }
}
