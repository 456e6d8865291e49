package org.basinlab.benchmark;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.basinlab.assignment.Assignment;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.assignment.WarmAssignment;
import org.basinlab.recipe.Seeds;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Assignments of uniform random costs, from nothing and from the last of eight matrices that differ by noise. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AssignmentBenchmark {

    private static final int MATRICES = 8;

    /** Of the largest cost: about what one visit of a trained network's layer changes late in a matching. */
    private static final double NOISE = 1e-3;

    @Param({"128", "512", "2048"})
    int n;

    private double[][] costs = {};
    private WarmAssignment solver = new WarmAssignment(0);
    private int next;

    @Setup
    public void draw() {
        RandomGenerator random = Seeds.generator(1);
        double[] common = random.doubles((long) n * n).toArray();
        costs = new double[MATRICES][];
        for (int k = 0; k < MATRICES; k++) {
            double[] cost = common.clone();
            for (int cell = 0; cell < cost.length; cell++) {
                cost[cell] += NOISE * random.nextDouble();
            }
            costs[k] = cost;
        }
        solver = new WarmAssignment(n);
    }

    @Benchmark
    public Assignment cold() {
        return LinearAssignment.minimise(nextCost(), n);
    }

    @Benchmark
    public Assignment warm() {
        return solver.minimise(nextCost());
    }

    private double[] nextCost() {
        next = (next + 1) % MATRICES;
        return costs[next];
    }
}
