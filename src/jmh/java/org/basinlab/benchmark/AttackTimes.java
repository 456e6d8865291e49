package org.basinlab.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.attack.DeepFool;
import org.basinlab.attack.DeepFoolResult;
import org.basinlab.attack.Fgsm;
import org.basinlab.dataset.DataSets;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Numerics;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.VectorNorm;

/**
 * Times attacks on one thread and prints one line of JSON. {@code fgsm NET DATA [repeats]}: eleven ε on the 10,000 test
 * images of CIFAR-10, in turn with 14 passes from bytes to logits over them. {@code deepfool NET DATA [repeats]}: L2 on the
 * first 1,000, the counterpart of {@code src/bench/python/attack_peer.py}. What comes first is run once untimed.
 */
public final class AttackTimes {

    private static final int PASSES = 14;

    private AttackTimes() {}

    public static void main(String[] arguments) throws Exception {
        Weights weights = Safetensors.read(Files.readAllBytes(Path.of(arguments[1]))).weights();
        int repeats = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 5;
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("work", arguments[0]);
        result.put("engine", Numerics.prepare().toString());
        switch (arguments[0]) {
            case "fgsm" -> fgsm(weights, images(arguments[2], 10_000), repeats, result);
            case "deepfool" -> deepFool(weights, images(arguments[2], 1_000), repeats, result);
            default -> throw new IllegalArgumentException("the work must be fgsm or deepfool, was " + arguments[0]);
        }
        System.out.println(new ObjectMapper().writeValueAsString(result));
    }

    private static NormalisedImages images(String folder, int count) {
        return NormalisedImages.of(
                new DataSets(List.of(Path.of(folder))).open(KnownDataset.CIFAR10).split(Split.TEST),
                DataSets.standardNormalisation(KnownDataset.CIFAR10),
                Optional.of(count));
    }

    private static void fgsm(Weights weights, NormalisedImages images, int repeats, Map<String, Object> result)
            throws Exception {
        MetricRequest.Fgsm request = new MetricRequest.Fgsm(
                Points.of("0", "0.002", "0.004", "0.006", "0.008", "0.01", "0.012", "0.014", "0.016", "0.018", "0.02"),
                InputSpace.PIXEL);
        List<Double> attack = new ArrayList<>();
        List<Double> passes = new ArrayList<>();
        try (ForwardPass network = ForwardPass.of(weights, Tally.BATCH)) {
            for (int repeat = -1; repeat < repeats; repeat++) {
                double attacked = seconds(() -> Fgsm.of(request, weights, images, Progress.UNWATCHED));
                double passed = seconds(() -> {
                    for (int pass = 0; pass < PASSES; pass++) {
                        Tally.over(network, images, Progress.UNWATCHED);
                    }
                    return network;
                });
                if (repeat >= 0) {
                    attack.add(attacked);
                    passes.add(passed);
                }
            }
        }
        result.put("cpu_seconds", attack);
        result.put("cpu_seconds_of_14_passes", passes);
    }

    private static void deepFool(Weights weights, NormalisedImages images, int repeats, Map<String, Object> result)
            throws Exception {
        MetricRequest.DeepFool request =
                new MetricRequest.DeepFool(VectorNorm.L2, Points.of("0.1"), 50, 0.02, InputSpace.PIXEL);
        List<Double> seconds = new ArrayList<>();
        for (int repeat = -2; repeat < repeats; repeat++) {
            double one = seconds(() -> DeepFool.of(request, weights, images, Progress.UNWATCHED));
            if (repeat >= 0) {
                seconds.add(one);
            }
        }
        DeepFoolResult found = DeepFool.of(request, weights, images, Progress.UNWATCHED);
        result.put("cpu_seconds", seconds);
        result.put("mean", found.mean());
        result.put("rho", found.rho());
    }

    /** Of this thread's processor time: others may be at work on the machine. */
    private static double seconds(Callable<?> work) throws Exception {
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.call();
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1e9;
    }
}
