package org.basinlab.cli;

import java.util.Optional;
import java.util.function.Consumer;
import org.basinlab.dispatch.DataCatalogue;
import org.basinlab.dispatch.Intake;
import org.basinlab.dispatch.Schedules;
import org.basinlab.ledger.Reports;
import org.basinlab.study.Arm;
import org.basinlab.study.RunSettings;
import org.basinlab.study.Study;

/** A specification put straight into the store, its data with it. */
record Submission(StudySource source, boolean another, Consumer<String> say) {

    private static final long BETWEEN_LOOKS_MILLIS = 200;

    /** A CIFAR-10 takes seconds. */
    private static final long MOST_LOOKS = 5 * 60 * 1_000 / BETWEEN_LOOKS_MILLIS;

    Desk.Submitted on(Errand.Parts parts) {
        Study study = source.parse();
        RunSettings settings = source.settings();
        if (settings.schedule().isPresent()) {
            Schedules.Entered entered = parts.schedules().register(study, settings, source.text(), StoreDesk.ACTOR);
            return new Desk.Submitted(Optional.empty(), Optional.of(entered.schedule()), entered.before());
        }
        Intake.Accepted accepted = another
                ? parts.intake().submit(study, source.text())
                : parts.intake().resumeOrSubmit(study, source.text());
        parts.intake().keepData(study);
        if (accepted.dataBytes() > 0) {
            say.accept("data: %s go into the store, where workers without them read them"
                    .formatted(Sizes.bytes(accepted.dataBytes())));
            awaitData(study, parts.data());
        }
        return new Desk.Submitted(
                Optional.of(new Reports(parts.database())
                        .findStudy(accepted.study().id())
                        .orElseThrow()),
                Optional.empty(),
                accepted.resumed());
    }

    /** They come in a thread of their own, which ends with the program. */
    private void awaitData(Study study, DataCatalogue data) {
        try {
            for (int looks = 0; bytesToCome(study, data) > 0; looks++) {
                if (looks == MOST_LOOKS) {
                    say.accept(
                            "note: the data are not in the store yet; workers without them wait until a program that has"
                                    + " them brings them");
                    return;
                }
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long bytesToCome(Study study, DataCatalogue data) {
        return study.arms().stream()
                .map(Arm::dataset)
                .distinct()
                .mapToLong(data::bytesToCome)
                .sum();
    }
}
