package org.basinlab.study;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.NetworkForm;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;

/**
 * Reads {@code network}: one family of networks with its settings, each of which but an {@code mlp}'s {@code hidden} may be
 * left out. The size of the images and the number of classes are the data set's.
 */
final class NetworkReader {

    private static final Keys NETWORKS = Keys.of("network", "mlp", "vgg16", "resnet20", "cnn", "vit");
    private static final Keys MLP = Keys.of("mlp", "hidden");
    private static final Keys VGG16 = Keys.of("vgg16", "width", "norm", "dense");
    private static final Keys RESNET20 = Keys.of("resnet20", "width", "norm", "shortcut");
    private static final Keys CNN = Keys.of("cnn", "channels", "hidden", "norm");
    private static final Keys VIT = Keys.of("vit", "patch", "width", "depth", "heads");

    private static final int USUAL_DENSE = 2;
    private static final int MOST_DENSE = 2;
    private static final int MOST_WIDTH = 64;
    private static final int USUAL_SHORTCUT = 3;
    private static final List<Integer> USUAL_CHANNELS = List.of(32, 64, 128);
    private static final int USUAL_HIDDEN = 256;
    private static final int MOST_CHANNELS = 4_096;

    private NetworkReader() {}

    /** @throws SpecificationException also if the network does not fit the images, or has too many parameters */
    static Architecture read(Value network, KnownDataset dataset) {
        return made(network, dataset.label(), () -> form(network).of(dataset.extent(), dataset.classes()));
    }

    /** The network that fits images and classes which are not known yet. */
    static NetworkForm form(Value network) {
        Section family = network.oneOf(NETWORKS);
        String name = family.keys().iterator().next();
        Value settings = family.get(name);
        return switch (name) {
            case "mlp" -> mlp(settings);
            case "vgg16" -> vgg16(settings.section(VGG16));
            case "resnet20" -> resnet20(settings.section(RESNET20));
            case "cnn" -> cnn(settings.section(CNN));
            default -> vit(settings.section(VIT));
        };
    }

    private static Architecture made(Value network, String dataset, Supplier<Architecture> architecture) {
        try {
            return architecture.get().requireFewParameters();
        } catch (SpecificationException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw network.refuse("must fit the images of %s: %s".formatted(dataset, e.getMessage()));
        }
    }

    private static NetworkForm mlp(Value settings) {
        Value hidden = settings.section(MLP).get("hidden");
        List<Integer> widths = widths(hidden, "a list of layer widths", Architecture.Mlp.WIDEST);
        if (widths.size() > Architecture.Mlp.MOST_LAYERS) {
            throw hidden.refuse(
                    "must have at most %d layers, had %d".formatted(Architecture.Mlp.MOST_LAYERS, widths.size()));
        }
        return (image, classes) -> {
            long parameters = Architecture.Mlp.parameters(image.size(), widths, classes);
            if (parameters > Architecture.MOST_PARAMETERS) {
                throw hidden.refuse("must give at most %d weights and biases, would give %d"
                        .formatted(Architecture.MOST_PARAMETERS, parameters));
            }
            return new Architecture.Mlp(image.size(), widths, classes);
        };
    }

    private static NetworkForm vgg16(Section section) {
        double width = section.find("width").map(NetworkReader::sixtyFourths).orElse(1.0);
        Norm norm = norm(section, Norm.LAYER);
        int dense = integer(section, "dense", 0, MOST_DENSE, USUAL_DENSE);
        return (image, classes) -> new Vgg16(image, width, norm, dense, classes);
    }

    private static double sixtyFourths(Value value) {
        double width = value.number("[1/64, 8]", factor -> factor >= 1.0 / MOST_WIDTH && factor <= 8);
        if (width * MOST_WIDTH != Math.rint(width * MOST_WIDTH)) {
            throw value.refuse("must give a whole number of channels, 64 times the width, was "
                    + value.yaml().described());
        }
        return width;
    }

    private static NetworkForm resnet20(Section section) {
        int width = integer(section, "width", 1, MOST_WIDTH, 1);
        Norm norm = norm(section, Norm.LAYER);
        int shortcut = integer(section, "shortcut", 1, USUAL_SHORTCUT, USUAL_SHORTCUT);
        if (shortcut != 1 && shortcut != USUAL_SHORTCUT) {
            throw section.get("shortcut").refuse("must be 1 or 3, was " + shortcut);
        }
        return (image, classes) -> new ResNet20(image, width, norm, shortcut, classes);
    }

    private static NetworkForm cnn(Section section) {
        List<Integer> channels = section.find("channels")
                .map(value -> {
                    List<Integer> widths = widths(value, "a list of channels", MOST_CHANNELS);
                    if (widths.isEmpty() || widths.size() > Cnn.MOST_CONVOLUTIONS) {
                        throw value.refuse("must have 1 to %d convolutions, had %d"
                                .formatted(Cnn.MOST_CONVOLUTIONS, widths.size()));
                    }
                    return widths;
                })
                .orElse(USUAL_CHANNELS);
        int hidden = integer(section, "hidden", 1, Architecture.Mlp.WIDEST, USUAL_HIDDEN);
        Norm norm = norm(section, Norm.NONE);
        return (image, classes) -> new Cnn(image, channels, hidden, norm, classes);
    }

    private static NetworkForm vit(Section section) {
        int patch = integer(section, "patch", 1, 1_000, 4);
        int width = integer(section, "width", 1, MOST_CHANNELS, 192);
        int depth = integer(section, "depth", 1, 48, 12);
        int heads = integer(section, "heads", 1, 64, 3);
        if (width % heads != 0) {
            throw section.refuse(
                    "must have a width that is a multiple of its heads, had %d and %d".formatted(width, heads));
        }
        return (image, classes) -> new Vit(image, patch, width, depth, heads, classes);
    }

    private static List<Integer> widths(Value value, String what, int most) {
        List<Integer> widths = new ArrayList<>();
        for (Value width : value.items(what)) {
            widths.add(width.integer(1, most));
        }
        return widths;
    }

    static Norm norm(Value value) {
        return value.choice(List.of(Norm.values()), Norm::label);
    }

    private static Norm norm(Section section, Norm usual) {
        return section.find("norm").map(NetworkReader::norm).orElse(usual);
    }

    private static int integer(Section section, String key, int least, int most, int usual) {
        return section.find(key).map(value -> value.integer(least, most)).orElse(usual);
    }

    /** {@code [channels, height, width]}. */
    static Extent image(Value value) {
        List<Integer> sides = widths(value, "a list of channels, height and width", 1_000);
        if (sides.size() != 3) {
            throw value.refuse("must have 3 numbers, channels, height and width, had %d".formatted(sides.size()));
        }
        return new Extent(sides.get(0), sides.get(1), sides.get(2));
    }
}
