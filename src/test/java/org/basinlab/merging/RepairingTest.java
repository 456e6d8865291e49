package org.basinlab.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.BatchNormStatistics;
import org.basinlab.network.Examples;
import org.basinlab.network.GraphWeights;
import org.basinlab.network.PlainPass;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RepairingTest {

    private static final Extent IMAGE = new Extent(2, 4, 4);
    private static final int IMAGES = 16;
    private static final double SHARE = 0.3;
    private static final Architecture.Mlp MLP = new Architecture.Mlp(IMAGE.size(), List.of(7, 6, 5), 3);

    static List<Architecture> architectures() {
        return List.of(
                MLP,
                new Cnn(IMAGE, List.of(3, 4), 5, Norm.NONE, 3),
                new Cnn(IMAGE, List.of(3, 4), 5, Norm.GROUP, 3),
                new ResNet20(IMAGE, 1, Norm.NONE, 3, 3),
                new ResNet20(IMAGE, 1, Norm.LAYER, 1, 3),
                new Vit(IMAGE, 2, 6, 2, 3, 3));
    }

    /** Means and standard deviations of the units of one place. */
    private record Units(double[] means, double[] deviations) {}

    private final ArrayExamples images = bright();

    /** Values so large that the ε of a BatchNorm is nothing beside the variance of any unit. */
    private static ArrayExamples bright() {
        float[][] values = new float[IMAGES][IMAGE.size()];
        var random = Seeds.generator(1);
        for (float[] image : values) {
            for (int i = 0; i < image.length; i++) {
                image[i] = (float) (100 * random.nextGaussian());
            }
        }
        return new ArrayExamples(values, new int[IMAGES]);
    }

    private static MergeStep.Pair step(double share, Repair repair) {
        return new MergeStep.Pair(new Matching.None(), share, Optional.empty(), Optional.of(repair));
    }

    private Weights merged(MergeStep step, Weights... inputs) {
        Optional<MergeImages> seen = step.repair().map(repair -> new MergeImages(images));
        return Merging.merge(step, List.of(inputs), 1, seen, Progress.UNWATCHED).weights();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void a_repaired_mean_is_the_mean_with_normalisations_to_the_goals(Architecture architecture) {
        Weights a = GraphWeights.random(architecture, 1);
        Weights b = GraphWeights.random(architecture, 2);
        Weights plain = merged(new MergeStep.Pair(new Matching.None(), SHARE), a, b);

        Weights repaired = merged(step(SHARE, Repair.REPAIR), a, b);

        Graph graph = architecture.graph();
        Wrapped wrapped = Wrapped.of(graph, plain, goals(graph, a, b));
        double[] expected =
                PlainPass.runByBatch(wrapped.graph, wrapped.values, inputs(), IMAGES)[wrapped.graph.logits()];
        double[] found = logits(repaired);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-3 * largest));
        }
        assertThat(largest).isGreaterThan(0);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void units_of_a_repaired_mean_have_the_goals_on_the_same_images(Architecture architecture) {
        Weights a = GraphWeights.random(architecture, 1);
        Weights b = GraphWeights.random(architecture, 2);

        Weights repaired = merged(step(SHARE, Repair.REPAIR), a, b);

        List<Units> goals = goals(architecture.graph(), a, b);
        List<Units> found = units(repaired);
        for (int place = 0; place < goals.size(); place++) {
            for (int c = 0; c < goals.get(place).means.length; c++) {
                double goal = goals.get(place).deviations[c];
                assertThat(found.get(place).deviations[c]).isCloseTo(goal, within(2e-5 * goal));
                assertThat(found.get(place).means[c])
                        .isCloseTo(
                                goals.get(place).means[c], within(2e-5 * (goal + Math.abs(goals.get(place).means[c]))));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void a_rescaled_mean_has_the_standard_deviations_and_means_that_follow(Architecture architecture) {
        Weights a = GraphWeights.random(architecture, 1);
        Weights b = GraphWeights.random(architecture, 2);
        Weights plain = merged(new MergeStep.Pair(new Matching.None(), SHARE), a, b);

        Weights rescaled = merged(step(SHARE, Repair.RESCALE), a, b);

        List<Units> goals = goals(architecture.graph(), a, b);
        List<Units> before = units(plain);
        List<Units> found = units(rescaled);
        for (int place = 0; place < goals.size(); place++) {
            for (int c = 0; c < goals.get(place).means.length; c++) {
                double goal = goals.get(place).deviations[c];
                assertThat(found.get(place).deviations[c]).isCloseTo(goal, within(2e-5 * goal));
                if (place == 0) { // its inputs are the images still
                    double factor = goal / before.get(0).deviations[c];
                    assertThat(found.get(0).means[c]).isCloseTo(factor * before.get(0).means[c], within(2e-5 * goal));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void identical_networks_stay_as_they_are(Architecture architecture) {
        Weights network = GraphWeights.random(architecture, 1);

        for (Repair repair : Repair.values()) {
            Weights repaired = merged(step(0.5, repair), network, network);

            for (int i = 0; i < network.size(); i++) {
                assertThat(repaired.at(i)).isCloseTo(network.at(i), within(1e-5f * (1 + Math.abs(network.at(i)))));
            }
        }
    }

    @Test
    void averaging_makes_units_vary_less_and_repair_makes_that_good() {
        Weights a = GraphWeights.random(MLP, 1);
        Weights b = GraphWeights.random(MLP, 2);

        Units plain = units(merged(new MergeStep.Pair(new Matching.None(), 0.5), a, b))
                .get(2);
        Units repaired = units(merged(step(0.5, Repair.REPAIR), a, b)).get(2);

        assertThat(Arrays.stream(plain.deviations).sum())
                .isLessThan(0.7 * Arrays.stream(repaired.deviations).sum());
    }

    @Test
    void every_merge_of_a_tree_is_repaired_and_merged_as_it_is_then() {
        MergeScheme tree = new MergeScheme.Hierarchical(
                new Matching.Weight(),
                0.5,
                2,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Repair.REPAIR),
                Optional.empty());
        List<Weights> leaves = List.of(
                GraphWeights.random(MLP, 1),
                GraphWeights.random(MLP, 2),
                GraphWeights.random(MLP, 3),
                GraphWeights.random(MLP, 4));
        Optional<MergeImages> seen = Optional.of(new MergeImages(images));

        SchemeMerge root = SchemeMerge.of(tree, leaves, 7, seen, Progress.UNWATCHED);

        List<Weights> level = new ArrayList<>();
        for (int pair = 0; pair < 2; pair++) {
            long seed = Seeds.derive(7, "merge", 2 * pair, 2 * pair + 1);
            level.add(Merging.merge(tree.step(), leaves.subList(2 * pair, 2 * pair + 2), seed, seen, Progress.UNWATCHED)
                    .weights());
        }
        Merged top = Merging.merge(tree.step(), level, Seeds.derive(7, "merge", 0, 1, 2, 3), seen, Progress.UNWATCHED);
        assertThat(root.weights().copy()).isEqualTo(top.weights().copy());
        Units first = units(top.permutationOfInput().get(0).apply(level.get(0))).get(2);
        Units second =
                units(top.permutationOfInput().get(1).apply(level.get(1))).get(2);
        Units found = units(root.weights()).get(2);
        for (int c = 0; c < found.deviations.length; c++) {
            double goal = (first.deviations[c] + second.deviations[c]) / 2;
            assertThat(found.deviations[c]).isCloseTo(goal, within(1e-5 * goal));
        }
        assertThat(SchemeMerge.of(tree, leaves, 7, seen, Progress.UNWATCHED)
                        .weights()
                        .copy())
                .as("equal inputs, equal bytes")
                .isEqualTo(root.weights().copy());
    }

    @ParameterizedTest
    @EnumSource(Repair.class)
    void a_mean_of_networks_with_batch_norm_is_repaired_and_has_their_statistics(Repair repair) {
        Architecture architecture = new Cnn(IMAGE, List.of(3, 4), 5, Norm.BATCH, 3);
        Weights a = GraphWeights.random(architecture, 1);
        Weights b = GraphWeights.random(architecture, 2);

        Weights repaired = merged(step(0.5, repair), a, b);

        Weights again = BatchNormStatistics.estimated(repaired, images, Progress.UNWATCHED);
        assertThat(again.copy()).isEqualTo(repaired.copy());
        List<Units> goals = goals(architecture.graph(), a, b);
        List<Units> found = units(repaired);
        for (int place = 0; place < goals.size(); place++) {
            for (int c = 0; c < goals.get(place).means.length; c++) {
                // Evaluation divides by the unbiased variance: n/(n−1) in 256 and 64 values.
                double goal = goals.get(place).deviations[c];
                assertThat(found.get(place).deviations[c]).isCloseTo(goal, within(0.02 * goal));
            }
        }
    }

    @Test
    void a_mean_of_networks_with_batch_norm_needs_images() {
        Weights network = GraphWeights.random(new Cnn(IMAGE, List.of(3), 5, Norm.BATCH, 3), 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Merging.merge(
                        new MergeStep.Mean(), List.of(network, network), 1, Optional.empty(), Progress.UNWATCHED))
                .withMessage("a merge of networks with BatchNorm (cnn-bn-3-5) needs training images, by which their"
                        + " statistics are estimated anew; there are none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Merging.merge(
                        step(0.5, Repair.REPAIR),
                        List.of(GraphWeights.random(MLP, 1), GraphWeights.random(MLP, 2)),
                        1,
                        Optional.empty(),
                        Progress.UNWATCHED))
                .withMessage("REPAIR needs training images, there are none");
    }

    @Test
    void images_on_which_a_unit_never_varies_are_too_few() {
        float[][] alike = {new float[IMAGE.size()], new float[IMAGE.size()], new float[IMAGE.size()]};
        List<Weights> inputs = List.of(GraphWeights.random(MLP, 1), GraphWeights.random(MLP, 2));
        Examples same = new ArrayExamples(alike, new int[3]);
        Examples one = new ArrayExamples(new float[1][IMAGE.size()], new int[1]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Merging.merge(
                        step(0.5, Repair.RESCALE), inputs, 1, Optional.of(new MergeImages(same)), Progress.UNWATCHED))
                .withMessage(
                        "RESCALE needs images on which every hidden unit varies: unit 0 of layers.0 gives one value"
                                + " on all 3 images in every network");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Merging.merge(
                        step(0.5, Repair.REPAIR), inputs, 1, Optional.of(new MergeImages(one)), Progress.UNWATCHED))
                .withMessage("means and variances of hidden units need at least 2 images, there is 1");
    }

    @Test
    void a_convolution_that_cannot_move_its_mean_is_refused_for_repair_alone() {
        TensorShape kernel = new TensorShape("conv.weight", List.of(2, 2, 1, 1), 0);
        TensorShape weight = new TensorShape("fc.weight", List.of(3, 32), 4);
        TensorShape bias = new TensorShape("fc.bias", List.of(3), 100);
        Graph graph = new Graph(List.of(
                new Graph.Node(new Operation.Image(), List.of(), IMAGE),
                new Graph.Node(new Operation.Convolution(kernel, Optional.empty(), 1, 0), List.of(0), IMAGE),
                new Graph.Node(new Operation.Flatten(), List.of(1), Extent.of(32)),
                new Graph.Node(new Operation.Linear(weight, bias), List.of(2), Extent.of(3))));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Repairing(graph, Repair.REPAIR, images))
                .withMessage("REPAIR moves the mean of every unit, for which a layer needs a bias or a normalisation"
                        + " after it: conv has neither (RESCALE needs none)");
        assertThat(new Repairing(graph, Repair.RESCALE, images)).isNotNull();
    }

    /** A graph with a BatchNorm behind every place that is corrected, whose scale and shift are the goals. */
    private record Wrapped(Graph graph, float[] values) {

        static Wrapped of(Graph graph, Weights weights, List<Units> goals) {
            List<RepairPlace> places = RepairPlace.of(graph);
            List<Float> values = new ArrayList<>();
            for (int i = 0; i < weights.size(); i++) {
                values.add(weights.at(i));
            }
            List<Graph.Node> nodes = new ArrayList<>();
            int[] now = new int[graph.size()];
            for (int index = 0; index < graph.size(); index++) {
                Graph.Node node = graph.node(index);
                List<Integer> inputs = node.inputs().stream().map(i -> now[i]).toList();
                nodes.add(new Graph.Node(node.operation(), inputs, node.output()));
                now[index] = nodes.size() - 1;
                for (int place = 0; place < places.size(); place++) {
                    if (places.get(place).node() == index) {
                        Units goal = goals.get(place);
                        nodes.add(new Graph.Node(normalise(values, goal), List.of(now[index]), node.output()));
                        now[index] = nodes.size() - 1;
                    }
                }
            }
            float[] flat = new float[values.size()];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = values.get(i);
            }
            return new Wrapped(new Graph(nodes), flat);
        }

        private static Operation normalise(List<Float> values, Units goal) {
            TensorShape scale = tensor(values, goal.deviations);
            TensorShape shift = tensor(values, goal.means);
            double[] none = new double[goal.means.length];
            Operation.Running running = new Operation.Running(tensor(values, none), tensor(values, none));
            return new Operation.Normalise(Norm.BATCH, scale, shift, Optional.of(running));
        }

        private static TensorShape tensor(List<Float> values, double[] content) {
            TensorShape shape = new TensorShape("wrap." + values.size(), List.of(content.length), values.size());
            for (double value : content) {
                values.add((float) value);
            }
            return shape;
        }
    }

    private List<Units> goals(Graph graph, Weights a, Weights b) {
        double share = a.architecture().graph().hasBatchNorm() ? 0.5 : SHARE;
        List<Units> ofA = units(a);
        List<Units> ofB = units(b);
        List<Units> goals = new ArrayList<>();
        for (int place = 0; place < RepairPlace.of(graph).size(); place++) {
            goals.add(new Units(
                    mix(ofA.get(place).means, ofB.get(place).means, share),
                    mix(ofA.get(place).deviations, ofB.get(place).deviations, share)));
        }
        return goals;
    }

    private static double[] mix(double[] a, double[] b, double share) {
        double[] mixed = new double[a.length];
        Arrays.setAll(mixed, i -> (1 - share) * a[i] + share * b[i]);
        return mixed;
    }

    private List<Units> units(Weights weights) {
        Graph graph = weights.architecture().graph();
        double[][] outputs = PlainPass.run(graph, weights.copy(), inputs(), IMAGES);
        List<Units> units = new ArrayList<>();
        for (RepairPlace place : RepairPlace.of(graph)) {
            Extent extent = graph.node(place.node()).output();
            double[] means = new double[extent.channels()];
            double[] deviations = new double[extent.channels()];
            for (int c = 0; c < extent.channels(); c++) {
                double sum = 0;
                double squares = 0;
                int count = IMAGES * extent.positions();
                for (int i = 0; i < count; i++) {
                    double value = outputs[place.node()][
                            i / extent.positions() * extent.size() + c * extent.positions() + i % extent.positions()];
                    sum += value;
                    squares += value * value;
                }
                means[c] = sum / count;
                deviations[c] = Math.sqrt(squares / count - means[c] * means[c]);
            }
            units.add(new Units(means, deviations));
        }
        return units;
    }

    private double[] logits(Weights weights) {
        Graph graph = weights.architecture().graph();
        return PlainPass.run(graph, weights.copy(), inputs(), IMAGES)[graph.logits()];
    }

    private double[] inputs() {
        FloatBuffer buffer = FloatBuffer.allocate(IMAGES * IMAGE.size());
        int[] order = new int[IMAGES];
        Arrays.setAll(order, i -> i);
        images.fill(order, 0, IMAGES, buffer);
        double[] inputs = new double[buffer.capacity()];
        Arrays.setAll(inputs, buffer::get);
        return inputs;
    }
}
