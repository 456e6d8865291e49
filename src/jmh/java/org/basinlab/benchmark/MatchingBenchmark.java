package org.basinlab.benchmark;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.basinlab.matching.Alignment;
import org.basinlab.matching.WeightMatching;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Vgg16;
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

/**
 * Weight matching of a pair of the papers' sizes with Gaussian weights. It needs no data; trained pairs, which take more
 * sweeps, are timed by {@link MatchingTimes}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class MatchingBenchmark {

    private static final Extent IMAGE = new Extent(3, 32, 32);

    @Param({"mlp", "resnet20", "vgg16"})
    private String network = "mlp";

    private List<Weights> pair = List.of();

    @Setup
    public void draw() {
        pair = List.of(gaussian(architecture(), 1), gaussian(architecture(), 2));
    }

    @Benchmark
    public Alignment pair() {
        return WeightMatching.align(pair.get(0), pair.get(1), 1, Progress.UNWATCHED);
    }

    private Architecture architecture() {
        return switch (network) {
            case "resnet20" -> new ResNet20(IMAGE, 1, Norm.LAYER, 3, 10);
            case "vgg16" -> new Vgg16(IMAGE, 1, Norm.LAYER, 2, 10);
            default -> new Architecture.Mlp(3072, List.of(512, 512, 512, 256), 10);
        };
    }

    private static Weights gaussian(Architecture architecture, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        float[] values = new float[architecture.parameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.04 * random.nextGaussian());
        }
        return Weights.owning(architecture, values);
    }
}
