package org.basinlab.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.NetworkForm;
import org.basinlab.recipe.TensorNames;
import org.basinlab.recipe.TensorShape;

/**
 * Finds out which architecture a file's tensors are those of: the one that its metadata state; else the one that the user
 * named; else the one that the names and shapes of the usual PyTorch ports describe. Whichever it is, all its tensors must
 * be there with their shapes, and no others.
 */
final class Recognition {

    private static final int MOST_SHOWN = 20;
    private static final String WRAPPED = "module.";

    private final Map<String, List<Integer>> shapes;
    private final TensorNames told;
    /** The file's names as they go into a port: a user's pattern decides, and the prefix of a parallel module is gone. */
    private final Map<String, String> plain;

    private Recognition(Map<String, List<Integer>> shapes, TensorNames told) {
        this.shapes = shapes;
        this.told = told;
        boolean wrapped = !shapes.isEmpty() && shapes.keySet().stream().allMatch(name -> name.startsWith(WRAPPED));
        plain = new LinkedHashMap<>();
        for (String name : shapes.keySet()) {
            String bare = wrapped ? name.substring(WRAPPED.length()) : name;
            plain.put(name, told.ours(name).or(() -> told.ours(bare)).orElse(bare));
        }
    }

    /**
     * Takes it.
     *
     * @param shapes of all tensors by the file's names
     * @param stated what its metadata say
     * @throws SafetensorsException if they are those of no known architecture, or of several
     */
    static TensorLayout of(Map<String, List<Integer>> shapes, Optional<Architecture> stated, TensorNames told) {
        Recognition recognition = new Recognition(shapes, told);
        if (stated.isPresent()) {
            return recognition.layout(stated.get(), recognition.plain);
        }
        return told.network().isPresent() ? recognition.ofForm(told.network().get()) : recognition.byPort();
    }

    private TensorLayout byPort() {
        for (Port port : Port.ALL) {
            Map<String, String> ours = renamed(port);
            Shapes sizes = sizes(ours);
            if (port.isMeant(sizes)) {
                return layout(known(port, sizes), ours);
            }
        }
        throw new SafetensorsException(
                ("must hold the tensors of %s, under our names or a usual port's, or come with names of its own (--names);"
                                + " it holds %s")
                        .formatted(
                                Port.ALL.stream().map(Port::family).collect(Collectors.joining(", ")),
                                some(shapes.keySet())));
    }

    private static Architecture known(Port port, Shapes sizes) {
        try {
            return port.read(sizes).requireFewParameters();
        } catch (SafetensorsException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new SafetensorsException("must hold %s of a known size: %s".formatted(port.family(), e.getMessage()));
        }
    }

    private TensorLayout ofForm(NetworkForm form) {
        List<Extent> images = told.image()
                .map(List::of)
                .orElseGet(() -> Arrays.stream(KnownDataset.values())
                        .map(KnownDataset::extent)
                        .distinct()
                        .toList());
        List<String> problems = new ArrayList<>();
        for (Extent image : images) {
            try {
                return ofForm(form, image);
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        }
        String first = problems.get(0);
        throw new SafetensorsException(
                "must hold the network that was named: " + first.replaceFirst("^a safetensors file ", ""));
    }

    /** @throws IllegalArgumentException if the network does not fit such images, or the file not the network */
    private TensorLayout ofForm(NetworkForm form, Extent image) {
        Architecture draft = form.of(image, 2).requireFewParameters();
        Port port = Port.ALL.stream()
                .filter(one -> one.architecture().isInstance(draft))
                .findFirst()
                .orElseThrow();
        Map<String, String> ours = renamed(port);
        List<TensorShape> tensors = draft.tensors();
        String last = tensors.get(tensors.size() - 2).name();
        int classes = sizes(ours).axes(last, 2).get(0);
        return layout(form.of(image, classes).requireFewParameters(), ours);
    }

    /** Our names by the file's; those that the user named keep what was said. */
    private Map<String, String> renamed(Port port) {
        Map<String, String> byPort = port.ours(plain.values());
        Map<String, String> ours = new LinkedHashMap<>();
        plain.forEach((theirs, name) -> ours.put(theirs, byPort.getOrDefault(name, name)));
        return ours;
    }

    private Shapes sizes(Map<String, String> ours) {
        Map<String, List<Integer>> byName = new LinkedHashMap<>();
        ours.forEach((theirs, name) -> {
            if (byName.put(name, shapes.getOrDefault(theirs, List.of())) != null) {
                throw new SafetensorsException("must hold one tensor for %s, holds several".formatted(name));
            }
        });
        return new Shapes(byName, told);
    }

    private TensorLayout layout(Architecture architecture, Map<String, String> ours) {
        Shapes sizes = sizes(ours);
        Map<String, String> theirs = new LinkedHashMap<>();
        ours.forEach((name, our) -> theirs.put(our, name));
        List<TensorShape> tensors = architecture.tensors();
        for (TensorShape tensor : tensors) {
            List<Integer> found = Optional.ofNullable(sizes.byName().get(tensor.name()))
                    .orElseThrow(() -> new SafetensorsException("must hold the tensor %s of %s, holds %s"
                            .formatted(tensor.name(), architecture.label(), some(shapes.keySet()))));
            if (!found.equals(tensor.axes())) {
                throw new SafetensorsException("must give %s the shape %s for %s, gives %s"
                        .formatted(tensor.name(), tensor.axes(), architecture.label(), found));
            }
        }
        if (tensors.size() != shapes.size()) {
            tensors.forEach(tensor -> theirs.remove(tensor.name()));
            throw new SafetensorsException("must hold the tensors of %s and no others, holds also %s"
                    .formatted(
                            architecture instanceof Architecture.Mlp ? "a perceptron" : architecture.label(),
                            some(theirs.values())));
        }
        return new TensorLayout(architecture, theirs);
    }

    private static List<String> some(Collection<String> names) {
        return names.stream().limit(MOST_SHOWN).toList();
    }
}
