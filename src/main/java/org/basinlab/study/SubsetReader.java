package org.basinlab.study;

import java.util.List;
import java.util.TreeSet;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.Subset;

/** Reads {@code subset}: which of the training images a network sees. */
final class SubsetReader {

    private static final Keys SUBSET = Keys.of("subset", "fraction", "favoured", "seed", "part");
    private static final Keys FAVOURED = Keys.of("favoured", "classes", "fraction");

    private SubsetReader() {}

    static Subset read(Value value, KnownDataset dataset) {
        Section section = value.section(SUBSET);
        Subset.Part part = section.find("part")
                .map(choice -> choice.choice(List.of(Subset.Part.values()), Subset.Part::label))
                .orElse(Subset.Part.DRAWN);
        if (part == Subset.Part.ALTERNATING && section.find("seed").isEmpty()) {
            throw section.get("part")
                    .refuse("must have a seed beside it, one draw for all networks, to be alternating");
        }
        Subset subset = new Subset(
                fraction(section),
                section.findUnlessFalse("favoured").map(favoured -> favoured(favoured.section(FAVOURED), dataset)),
                section.find("seed").map(seed -> seed.wholeNumber(0, StudyFile.LARGEST_SEED)),
                part);
        if (subset.images(dataset) == 0) {
            throw value.refuse("must have at least one of the %d training images of %s, had none"
                    .formatted(dataset.images(Split.TRAIN), dataset.label()));
        }
        return subset;
    }

    /** The classes in their own order whatever the text's, so that equal questions have equal identities. */
    private static Subset.Favoured favoured(Section favoured, KnownDataset dataset) {
        Value list = favoured.get("classes");
        TreeSet<Integer> classes = new TreeSet<>();
        for (Value label : list.items("a list of classes")) {
            if (!classes.add(label.integer(0, dataset.classes() - 1))) {
                throw label.refuse("must be a class that is not there yet, was %s again"
                        .formatted(label.yaml().described()));
            }
        }
        if (classes.isEmpty()) {
            throw list.refuse("must have at least one class, was empty");
        }
        return new Subset.Favoured(List.copyOf(classes), fraction(favoured));
    }

    private static double fraction(Section section) {
        return section.get("fraction").number("[0, 1]", fraction -> fraction >= 0 && fraction <= 1);
    }
}
