package org.basinlab.network;

import java.util.List;
import java.util.Set;
import org.basinlab.recipe.Graph;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * OpenBLAS on flat memory outside the heap, one thread a product, and Java loops for what lies between two products; networks
 * that are no perceptrons on {@link OneDnn}. No class of ND4J is touched, which saves its start of one to nine seconds.
 */
final class BlasEngine implements Engine {

    private final EngineDescription description;

    private BlasEngine(EngineDescription description) {
        this.description = description;
    }

    /** Loads the natives. */
    static BlasEngine start() {
        openblas.blas_set_num_threads(1);
        return new BlasEngine(new EngineDescription(
                EngineKind.NATIVE_BLAS,
                EngineKind.NATIVE_BLAS.label(),
                openblas.OPENBLAS_VERSION.strip(),
                OpenBlasKernel.find().orElse("unknown"),
                openblas.blas_get_num_threads(),
                Processor.name(),
                EngineDescription.CPU));
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    @Override
    public LoadedNetwork perceptron(List<Layer> layers, int mostImages) {
        return new BlasPerceptron(layers, mostImages);
    }

    @Override
    public LoadedNetwork network(Graph graph, int mostImages) {
        return new GraphNetwork(graph, Set.of(), mostImages);
    }

    @Override
    public EngineDescription describeNetworks() {
        return OneDnn.library().description();
    }

    /** What a product takes of an operand. */
    enum As {
        STORED(openblas.CblasNoTrans),
        TRANSPOSED(openblas.CblasTrans);

        private final int flag;

        As(int flag) {
            this.flag = flag;
        }
    }

    /**
     * {@code result ← left · right}, with no value of {@code result} left over. Matrices lie column by column without
     * gaps: a row-major {@code [n][m]} array is an m × n matrix here, whose columns are the array's rows.
     *
     * @param rows of the result
     * @param columns of the result
     * @param inner how many terms each of its values is the sum of
     */
    static void multiply(
            int rows,
            int columns,
            int inner,
            FloatPointer left,
            As takeLeft,
            FloatPointer right,
            As takeRight,
            FloatPointer result) {
        openblas.cblas_sgemm(
                openblas.CblasColMajor,
                takeLeft.flag,
                takeRight.flag,
                rows,
                columns,
                inner,
                1,
                left,
                takeLeft == As.STORED ? rows : inner,
                right,
                takeRight == As.STORED ? inner : columns,
                0,
                result,
                rows);
    }
}
