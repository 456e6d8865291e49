package org.basinlab.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.matching.Alignment;
import org.basinlab.matching.WeightMatching;
import org.basinlab.merging.Merged;
import org.basinlab.merging.Merging;
import org.basinlab.network.Numerics;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.StopRule;
import org.basinlab.recipe.Vgg16;

/**
 * Times weight matching, MergeMany and assignments on one thread and prints one line of JSON: the counterpart of
 * {@code src/bench/python/plain_matching.py}, which takes the same arguments and prints the same keys.
 *
 * <p>{@code pair A B [repeats] [seed]}, {@code many A B C … [seed]} and {@code lap n [repeats] [seed]}; {@code resnet20
 * width [repeats] [seed]} and {@code vgg16 …} are those of {@code graph_matching.py}. The Java machine
 * compiles what it runs often: a pair and an assignment run untimed first; a MergeMany is timed from its first call, after
 * one matching of its first two networks.
 */
public final class MatchingTimes {

    private static final int WARM_UP = 3;

    private MatchingTimes() {}

    public static void main(String[] arguments) {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        if (words.size() < 2) {
            throw new IllegalArgumentException("usage: pair A B [repeats] [seed] | many A B … [seed] | lap n [repeats] [seed] | "
                    + "resnet20 width [repeats] [seed] | vgg16 width [repeats] [seed]");
        }
        String work = words.remove(0);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("work", work);
        result.put("peer", "basinlab");
        result.put("java", Runtime.version().toString());
        result.put("engine", Numerics.prepare().toString());
        List<Weights> networks = new ArrayList<>();
        while (!words.isEmpty() && words.get(0).endsWith(".safetensors")) {
            networks.add(read(words.remove(0)));
        }
        switch (work) {
            case "pair" -> pair(networks, number(words, 0, 3), number(words, 1, 0), result);
            case "many" -> many(networks, number(words, 0, 0), result);
            case "lap" -> assignment(number(words, 0, 512), number(words, 1, 5), number(words, 2, 0), result);
            case "resnet20", "vgg16" -> graph(work, number(words, 0, 1), number(words, 1, 3), number(words, 2, 0), result);
            default -> throw new IllegalArgumentException("the work must be pair, many, lap, resnet20 or vgg16, was " + work);
        }
        System.out.println(json(result));
    }

    private static void pair(List<Weights> networks, int repeats, int seed, Map<String, Object> result) {
        List<Double> seconds = new ArrayList<>();
        for (int repeat = -WARM_UP; repeat < repeats; repeat++) {
            long started = System.nanoTime();
            Alignment found = WeightMatching.align(networks.get(0), networks.get(1), seed, Progress.UNWATCHED);
            double elapsed = (System.nanoTime() - started) / 1e9;
            if (repeat >= 0) {
                seconds.add(elapsed);
            }
            result.put("sweeps", found.sweeps());
            result.put("l2_after", found.l2After());
        }
        result.put("seconds", seconds);
    }

    /** Gaussian weights, as those of {@code src/bench/python/graph_matching.py}. */
    private static void graph(String name, int width, int repeats, int seed, Map<String, Object> result) {
        Extent image = new Extent(3, 32, 32);
        Architecture network = name.equals("vgg16")
                ? new Vgg16(image, width, Norm.LAYER, 2, 10)
                : new ResNet20(image, width, Norm.LAYER, 3, 10);
        List<Weights> pair = List.of(gaussian(network, 2L * seed), gaussian(network, 2L * seed + 1));
        List<Double> seconds = new ArrayList<>();
        List<Integer> sweeps = new ArrayList<>();
        for (int repeat = -WARM_UP; repeat < repeats; repeat++) {
            long started = System.nanoTime();
            Alignment found = WeightMatching.align(pair.get(0), pair.get(1), seed + repeat, Progress.UNWATCHED);
            double elapsed = (System.nanoTime() - started) / 1e9;
            if (repeat >= 0) {
                seconds.add(elapsed);
                sweeps.add(found.sweeps());
            }
        }
        result.put("values", network.parameterCount());
        result.put("seconds", seconds);
        result.put("sweeps", sweeps);
    }

    private static Weights gaussian(Architecture network, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        float[] values = new float[network.parameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.04 * random.nextGaussian());
        }
        return Weights.owning(network, values);
    }

    private static void many(List<Weights> networks, int seed, Map<String, Object> result) {
        WeightMatching.align(networks.get(0), networks.get(1), seed, Progress.UNWATCHED);
        MergeStep step = new MergeStep.Many(new Matching.Weight(), Rounds.CONVERGED, StopRule.L2);
        long started = System.nanoTime();
        Merged merged = Merging.merge(step, networks, seed, Progress.UNWATCHED);
        result.put("seconds", List.of((System.nanoTime() - started) / 1e9));
        result.put("rounds", merged.report().rounds());
        result.put("matchings", merged.report().matchings());
        result.put("sweeps", merged.report().sweeps());
        result.put("l2_after", merged.report().l2After());
    }

    private static void assignment(int n, int repeats, int seed, Map<String, Object> result) {
        List<Double> seconds = new ArrayList<>();
        int warmUp = Math.max(WARM_UP, 4096 / n);
        for (int repeat = -warmUp; repeat < repeats; repeat++) {
            RandomGenerator random = Seeds.generator(seed + repeat);
            double[] cost = random.doubles((long) n * n).toArray();
            long started = System.nanoTime();
            LinearAssignment.minimise(cost, n);
            double elapsed = (System.nanoTime() - started) / 1e9;
            if (repeat >= 0) {
                seconds.add(elapsed);
            }
        }
        result.put("n", n);
        result.put("seconds", seconds);
    }

    private static int number(List<String> words, int place, int otherwise) {
        return place < words.size() ? Integer.parseInt(words.get(place)) : otherwise;
    }

    private static Weights read(String file) {
        try {
            return Safetensors.read(Files.readAllBytes(Path.of(file))).weights();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String json(Map<String, Object> result) {
        try {
            return new ObjectMapper().writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
