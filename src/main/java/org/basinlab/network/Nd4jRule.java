package org.basinlab.network;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.nd4j.linalg.api.blas.Level1;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;

/** Changes all weights by their gradient with ND4J's operations; the formulas are those of {@link UpdateRule}'s cases. */
abstract sealed class Nd4jRule implements AutoCloseable permits Nd4jMomentum, Nd4jAdam {

    private final Optional<Penalty> penalty;
    private final INDArray weights;
    private final INDArray gradient;
    private final List<DeviceArray> memory;
    /** The signs of the weights, for an L1 penalty. */
    private final Optional<DeviceArray> signs;

    private final Optional<Sign> takeSigns;

    private int steps;

    /** @param memory what it keeps between steps */
    Nd4jRule(Optional<Penalty> penalty, INDArray weights, INDArray gradient, List<DeviceArray> memory) {
        this.penalty = penalty;
        this.weights = weights;
        this.gradient = gradient;
        this.memory = List.copyOf(memory);
        signs = penalty.filter(cost -> cost.l1() > 0).map(cost -> DeviceArray.floats(weights.length()));
        takeSigns = signs.map(sign -> new Sign(weights, sign.flat()));
    }

    /** The rule of {@code optimiser} for these weights, at its first step. */
    static Nd4jRule of(Optimiser optimiser, Optional<Penalty> penalty, INDArray weights, INDArray gradient) {
        if (optimiser instanceof Optimiser.Adam adam) {
            return new Nd4jAdam(adam, 0, penalty, weights, gradient);
        }
        if (optimiser instanceof Optimiser.AdamW decoupled) {
            return new Nd4jAdam(decoupled.adam(), decoupled.weightDecay(), penalty, weights, gradient);
        }
        if (optimiser instanceof Optimiser.Sgd sgd) {
            return new Nd4jMomentum(sgd, penalty, weights, gradient);
        }
        throw new IllegalArgumentException("no update rule for " + optimiser);
    }

    /** One step by the gradient as it is now, which is of no use afterwards. */
    final void step(double rate) {
        steps++;
        takeSigns.ifPresent(taking -> {
            Nd4j.exec(taking);
            addTimes(penalty.orElseThrow().l1(), taking.z(), gradient);
        });
        penalty.filter(cost -> cost.l2() > 0).ifPresent(cost -> addTimes(cost.l2(), weights, gradient));
        change(rate, steps);
    }

    /** Changes the weights in step {@code step}, from 1. */
    abstract void change(double rate, int step);

    /** {@code values ← factor · values}. Unlike ND4J's own operations with a number, this takes no memory for it. */
    static void scale(double factor, INDArray values) {
        Nd4j.getBlasWrapper().level1().scal(values.length(), factor, values);
    }

    /** {@code onto ← onto + factor · term}. */
    static void addTimes(double factor, INDArray term, INDArray onto) {
        Level1 blas = Nd4j.getBlasWrapper().level1();
        blas.axpy(onto.length(), factor, term, onto);
    }

    final INDArray weights() {
        return weights;
    }

    final INDArray gradient() {
        return gradient;
    }

    final List<DeviceArray> memory() {
        return memory;
    }

    /** Steps taken. */
    final int steps() {
        return steps;
    }

    final void resumeAt(int stepsTaken) {
        steps = stepsTaken;
    }

    @Override
    public final void close() {
        signs.ifPresent(DeviceArray::close);
        memory.forEach(DeviceArray::close);
    }
}
