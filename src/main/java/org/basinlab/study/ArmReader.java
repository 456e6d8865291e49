package org.basinlab.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.TrainingRecipe;

/** Reads one population: the settings that a study gives its own and that its arms override. */
final class ArmReader {

    private static final Keys DATASET = Keys.of("dataset", "name", "normalise", "digest");
    /** What a further arm may be called. */
    static final String NAME = "[a-z0-9][a-z0-9-]{0,39}";

    private static final int LARGEST_ORDER = 1_000_000;

    private ArmReader() {}

    /**
     * The population that {@code section}, whose keys have been checked, describes.
     *
     * @param order the name of the arm whose shuffle orders its networks
     */
    static Arm read(String name, String order, Section section) {
        DatasetRef dataset = dataset(section.get("dataset").section(DATASET));
        Section training = section.get("training").section(TrainingReader.keys());
        SeedRange seeds = TrainingReader.seeds(training);
        Architecture network = NetworkReader.read(section.get("network"), dataset.name());
        TrainingRecipe recipe = TrainingReader.recipe(training, dataset.name(), network);
        MergeReader merge =
                new MergeReader(seeds.count(), dataset.name(), network.graph().hasBatchNorm());
        List<MergeScheme> merges = section.find("merge").map(merge::read).orElse(List.of());
        ControlReader.Controls controls =
                ControlReader.read(section.find("controls"), merges, recipe, network, seeds.count());
        Arm arm = new Arm(
                name,
                dataset,
                network,
                recipe,
                seeds,
                order(order, section),
                controls.merge(),
                controls.controls(),
                EvaluateReader.read(section.get("evaluate"), dataset.name(), network));
        requireFewNetworks(arm, training.get("seeds"));
        return arm;
    }

    /**
     * The name alone for the first shuffle, which has no number in the seeds of earlier versions; that of another arm where its
     * shuffle is wanted.
     */
    private static String order(String name, Section section) {
        Optional<Value> order = section.find("order");
        if (order.filter(Value::isText).isPresent() && !name.equals(Arm.MAIN)) {
            return order.get().text(NAME, "a whole number, or the name of an arm");
        }
        int number = order.map(value -> value.integer(0, LARGEST_ORDER)).orElse(0);
        return number == 0 ? name : name + "/" + number;
    }

    private static DatasetRef dataset(Section section) {
        KnownDataset name = section.get("name").choice(List.of(KnownDataset.values()), KnownDataset::label);
        Normalisation normalise = section.find("normalise")
                .map(value -> normalisation(value, name.channels()))
                .orElse(new Normalisation.Named(Normalisation.Choice.STANDARD));
        Optional<String> digest = section.find("digest").map(Value::sha256);
        return new DatasetRef(name, normalise, digest);
    }

    static Normalisation normalisation(Value value, int channels) {
        if (!value.isList()) {
            return new Normalisation.Named(
                    value.choice(List.of(Normalisation.Choice.values()), Normalisation.Choice::label));
        }
        List<Value> numbers = value.items("a list");
        if (numbers.size() != 2 * channels) {
            throw value.refuse("must have %d numbers, %d means and then %d standard deviations, had %d"
                    .formatted(2 * channels, channels, channels, numbers.size()));
        }
        List<Double> constants = new ArrayList<>();
        for (Value number : numbers) {
            constants.add(
                    constants.size() < channels
                            ? number.number("[0, 1]", mean -> mean >= 0 && mean <= 1)
                            : number.number("(0, 10]", std -> std > 0 && std <= 10));
        }
        return new Normalisation.Constants(constants.subList(0, channels), constants.subList(channels, 2 * channels));
    }

    private static void requireFewNetworks(Arm arm, Value seeds) {
        long networks = ArmSize.of(arm).networks();
        if (networks > ArmSize.MOST_NETWORKS) {
            throw seeds.refuse("must give at most %d networks with all merges and controls, would give %d"
                    .formatted(ArmSize.MOST_NETWORKS, networks));
        }
    }
}
