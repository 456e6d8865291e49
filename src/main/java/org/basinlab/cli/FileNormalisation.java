package org.basinlab.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.basinlab.dataset.DataSets;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;

/** What the metadata of network files say of their inputs: a network is right under its own normalisation only. */
final class FileNormalisation {

    static final String KEY = "normalisation";

    private FileNormalisation() {}

    /**
     * The text that all files share; empty where none has one. A file without one counts as {@code standard}.
     *
     * @throws UsageException if two files differ; the message names them
     */
    static Optional<String> shared(List<NetworkFile> files) {
        Optional<NetworkFile> stated =
                files.stream().filter(file -> text(file).isPresent()).findFirst();
        if (stated.isEmpty()) {
            return Optional.empty();
        }
        for (NetworkFile file : files) {
            requireSame(stated.get(), file);
        }
        return text(stated.get());
    }

    /**
     * What a file says of itself; empty where it says nothing.
     *
     * @throws UsageException if it says what is none, or is of another number of channels than the data set
     */
    static Optional<Normalisation.Constants> stated(NetworkFile file, KnownDataset dataset) {
        if (text(file).isEmpty()) {
            return Optional.empty();
        }
        Normalisation.Constants constants = constants(file, "for it to be used");
        if (constants.mean().size() != dataset.channels()) {
            throw new UsageException("%s must be normalised by %d channels to see %s, states %s"
                    .formatted(file.path(), dataset.channels(), dataset.label(), said(file)));
        }
        return Optional.of(constants);
    }

    private static void requireSame(NetworkFile stated, NetworkFile other) {
        if (text(other).equals(text(stated))) {
            return;
        }
        boolean same =
                text(other).isEmpty() ? isStandard(stated) : constants(stated).equals(constants(other));
        if (!same) {
            throw new UsageException("networks must have one normalisation to be merged: %s has %s, %s has %s"
                    .formatted(stated.path(), said(stated), other.path(), said(other)));
        }
    }

    private static boolean isStandard(NetworkFile file) {
        Normalisation.Constants constants = constants(file);
        return Arrays.stream(KnownDataset.values())
                .map(DataSets::standardNormalisation)
                .anyMatch(constants::equals);
    }

    private static Normalisation.Constants constants(NetworkFile file) {
        return constants(file, "to be merged with networks that state another");
    }

    private static Normalisation.Constants constants(NetworkFile file, String purpose) {
        try {
            return CanonicalJson.read(text(file).orElseThrow(), Normalisation.Constants.class);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "%s must state its normalisation as {\"constants\":{\"mean\":[…],\"std\":[…]}} %s, states %s"
                            .formatted(file.path(), purpose, said(file)),
                    e);
        }
    }

    private static Optional<String> text(NetworkFile file) {
        return Optional.ofNullable(file.metadata().get(KEY)).filter(text -> !text.isEmpty());
    }

    private static String said(NetworkFile file) {
        String text = text(file).orElse("none, which stands for standard");
        String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
        return line.length() <= 120 ? line : line.substring(0, 120) + "…";
    }
}
