package org.basinlab.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Vgg16;

/** The architecture whose steps are those of a configuration, one by one. */
final class Dl4jArchitecture {

    private static final int CONVOLUTIONS_OF_VGG16 = 13;
    private static final double UNIT_OF_VGG16 = 64;

    private final Dl4jConfiguration configuration;
    private final List<Dl4jStep> steps;

    private Dl4jArchitecture(Dl4jConfiguration configuration) {
        this.configuration = configuration;
        steps = configuration.steps();
    }

    /** @throws Dl4jException if there is none; the message says where the nearest differs */
    static Architecture of(Dl4jConfiguration configuration) {
        Dl4jArchitecture search = new Dl4jArchitecture(configuration);
        Architecture candidate;
        try {
            candidate = search.candidate().requireFewParameters();
        } catch (Dl4jException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new Dl4jException(
                    "a Deeplearning4j archive must hold a network of a known size: " + e.getMessage(), e);
        }
        search.requireSame(candidate);
        return candidate;
    }

    private Architecture candidate() {
        List<Dl4jStep> linear = of(Dl4jStep.Kind.LINEAR);
        List<Dl4jStep> convolutions = of(Dl4jStep.Kind.CONVOLUTION);
        if (linear.isEmpty()) {
            throw Dl4jException.malformed("must end in a linear layer, has none");
        }
        int classes = linear.get(linear.size() - 1).units();
        List<Integer> hidden = linear.subList(0, linear.size() - 1).stream()
                .map(Dl4jStep::units)
                .toList();
        if (convolutions.isEmpty()) {
            Dl4jStep first = linear.get(0);
            return new Architecture.Mlp(first.stored().get(0).size() / first.units(), hidden, classes);
        }
        int channels = convolutions.get(0).stored().stream()
                        .mapToInt(Dl4jStep.Stored::size)
                        .max()
                        .orElseThrow()
                / (9 * convolutions.get(0).units());
        Norm norm = of(Dl4jStep.Kind.NORMALISE).isEmpty() ? Norm.NONE : Norm.BATCH;
        Extent image = image(channels, of(Dl4jStep.Kind.MAXIMUM).size());
        if (convolutions.size() == CONVOLUTIONS_OF_VGG16) {
            return new Vgg16(image, convolutions.get(0).units() / UNIT_OF_VGG16, norm, hidden.size(), classes);
        }
        if (hidden.size() != 1) {
            throw Dl4jException.malformed(
                    "must have one hidden linear layer behind its %d convolutions, as a cnn has, or be a vgg16 of 13, has %d"
                            .formatted(convolutions.size(), hidden.size()));
        }
        List<Integer> widths = convolutions.stream().map(Dl4jStep::units).toList();
        return new Cnn(image, widths, hidden.get(0), norm, classes);
    }

    private List<Dl4jStep> of(Dl4jStep.Kind kind) {
        return steps.stream().filter(step -> step.kind() == kind).toList();
    }

    /** Where rows are cut into images it is said; else what is left after so many halvings tells. */
    private Extent image(int channels, int halvings) {
        if (configuration.inputImage().isPresent()) {
            int[] said = configuration.inputImage().get();
            return new Extent(said[0], said[1], said[2]);
        }
        Optional<int[]> left = configuration.flattened();
        Stream<Extent> known = Arrays.stream(KnownDataset.values()).map(KnownDataset::extent);
        return known.filter(extent -> extent.channels() == channels
                        && left.map(map ->
                                        extent.height() >> halvings == map[1] && extent.width() >> halvings == map[2])
                                .orElse(false))
                .findFirst()
                .or(() -> left.map(map -> new Extent(channels, map[1] << halvings, map[2] << halvings)))
                .orElseThrow(() -> Dl4jException.malformed(
                        "must say the size of its images, by an input type that sets preprocessors; it has none"));
    }

    private void requireSame(Architecture candidate) {
        List<String> wanted = new ArrayList<>();
        Dl4jStep.of(candidate.graph()).values().forEach(step -> wanted.add(step.what()));
        for (int i = 0; i < Math.max(wanted.size(), steps.size()); i++) {
            String expected = i < wanted.size() ? wanted.get(i) : "no more";
            String found = i < steps.size() ? steps.get(i).what() : "no more";
            if (!expected.equals(found)) {
                throw Dl4jException.malformed("must have, to be a %s, a %s as its step %d, has a %s"
                        .formatted(candidate.label(), expected, i + 1, found));
            }
        }
    }
}
