package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.DamagedEvidence;
import org.basinlab.ledger.StudyClaim;
import org.basinlab.ledger.StudyClaims;
import org.basinlab.study.Claim;
import org.basinlab.study.ClaimRegister;
import org.basinlab.workflow.Conclusion;

/**
 * How claims stand: their verdicts, and what is provisional computed as it is asked for. Of several studies that list a claim the newest
 * verdict that is not exploratory counts, else the newest verdict, else the newest study; one of this store before one that came with a
 * bundle. What cannot be read is an error in its own line.
 */
public final class Verdicts {

    private static final Comparator<StudyClaim> WEIGHT = Comparator.<StudyClaim>comparingInt(Verdicts::weight)
            .thenComparing(one -> one.bundle().isEmpty())
            .thenComparing(StudyClaim::createdAt);

    private final ClaimRegister register;
    private final Optional<DataSource> store;

    /** @param store empty where nothing was ever run */
    public Verdicts(ClaimRegister register, Optional<DataSource> store) {
        this.register = register;
        this.store = store;
    }

    /** Every claim that the register has or a study lists, in the order of the register. */
    public List<ClaimLine> lines() {
        Map<String, List<StudyClaim>> byClaim = listed().stream()
                .collect(Collectors.groupingBy(one -> one.claim().id(), LinkedHashMap::new, Collectors.toList()));
        List<StudyClaim> chosen =
                byClaim.values().stream().map(Verdicts::weightiest).toList();
        Map<StudyClaim, Conclusion> conclusions = conclusions(chosen, false);
        Map<UUID, List<String>> damaged = damaged();
        Map<String, ClaimLine> lines = new LinkedHashMap<>();
        register.list().forEach(claim -> lines.put(claim.id(), ClaimLine.unlisted(claim, unlisted(claim))));
        chosen.forEach(one -> lines.put(one.claim().id(), line(one, conclusions, damaged)));
        return List.copyOf(lines.values());
    }

    /** Those that a study lists, in its order. */
    public List<ClaimLine> lines(UUID study) {
        List<StudyClaim> listed =
                store.map(database -> new StudyClaims(database).ofStudy(study)).orElse(List.of());
        Map<StudyClaim, Conclusion> conclusions = conclusions(listed, false);
        Map<UUID, List<String>> damaged = damaged();
        return listed.stream().map(one -> line(one, conclusions, damaged)).toList();
    }

    /** The ids of all claims that there is a card of. */
    public List<String> ids() {
        List<String> ids =
                new ArrayList<>(register.list().stream().map(Claim::id).toList());
        listed().stream()
                .map(one -> one.claim().id())
                .filter(id -> !ids.contains(id))
                .distinct()
                .forEach(ids::add);
        return ids;
    }

    /**
     * One claim in full. The SQL of its verdict is run again.
     *
     * @param study by which study; by the weightiest where absent
     * @return empty where there is no such claim, or the study does not list it
     */
    public Optional<ClaimCard> card(String id, Optional<UUID> study) {
        List<StudyClaim> listed =
                store.map(database -> new StudyClaims(database).ofClaim(id)).orElse(List.of());
        List<StudyClaim> wanted = listed.stream()
                .filter(one -> study.map(one.studyId()::equals).orElse(true))
                .toList();
        if (!wanted.isEmpty()) {
            return Optional.of(card(weightiest(wanted), listed));
        }
        return study.isPresent() ? Optional.empty() : register.find(id).map(Verdicts::unlistedCard);
    }

    private ClaimCard card(StudyClaim shown, List<StudyClaim> listed) {
        Conclusion conclusion = conclusion(shown, conclusions(List.of(shown), true));
        List<StudyClaim> rest =
                listed.stream().filter(one -> !one.equals(shown)).toList();
        Map<StudyClaim, Conclusion> conclusions = conclusions(rest, false);
        Map<UUID, List<String>> damaged = damaged();
        List<String> errors = shown.fault()
                .map(List::of)
                .or(() -> shown.verdict().map(verdict -> Recheck.errors(store.orElseThrow(), shown, verdict)))
                .orElse(List.of());
        return new ClaimCard(
                shown.claim(),
                shown.digest(),
                register.find(shown.claim().id())
                        .map(claim -> !claim.digest().equals(shown.digest()))
                        .orElse(true),
                shown.claim().decision().map(Rule::words).orElse(List.of()),
                ClaimLine.word(conclusion),
                conclusion,
                Optional.of(ClaimCard.MeasuredBy.of(shown)),
                errors,
                damaged.getOrDefault(shown.studyId(), List.of()),
                rest.stream().map(one -> line(one, conclusions, damaged)).toList());
    }

    private static ClaimCard unlistedCard(Claim claim) {
        Conclusion conclusion = unlisted(claim);
        return new ClaimCard(
                claim,
                claim.digest(),
                false,
                claim.decision().map(Rule::words).orElse(List.of()),
                ClaimLine.word(conclusion),
                conclusion,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
    }

    private static ClaimLine line(
            StudyClaim one, Map<StudyClaim, Conclusion> conclusions, Map<UUID, List<String>> damaged) {
        return ClaimLine.of(one, conclusion(one, conclusions), damaged.containsKey(one.studyId()));
    }

    /** By study, the damaged checkpoints that it rests on. */
    private Map<UUID, List<String>> damaged() {
        return store.map(database -> new DamagedEvidence(database).byStudy()).orElse(Map.of());
    }

    private List<StudyClaim> listed() {
        return store.map(database -> new StudyClaims(database).list()).orElse(List.of());
    }

    private static StudyClaim weightiest(List<StudyClaim> some) {
        return some.stream().max(WEIGHT).orElseThrow();
    }

    private static int weight(StudyClaim one) {
        if (one.fault().isPresent()) {
            return -1;
        }
        if (one.verdict().isEmpty()) {
            return 0;
        }
        return one.exploratory().isPresent() ? 1 : 2;
    }

    private static Conclusion conclusion(StudyClaim one, Map<StudyClaim, Conclusion> conclusions) {
        return Optional.ofNullable(conclusions.get(one)).orElseThrow();
    }

    /**
     * Verdicts as they were issued, and for the others what their studies say so far.
     *
     * @param whole by every specification; by the primary one alone where false
     */
    private Map<StudyClaim, Conclusion> conclusions(List<StudyClaim> some, boolean whole) {
        Map<StudyClaim, Conclusion> conclusions = new HashMap<>();
        Map<List<Object>, List<StudyClaim>> open = new LinkedHashMap<>();
        for (StudyClaim one : some) {
            one.verdict().ifPresent(verdict -> conclusions.put(one, verdict));
            one.fault()
                    .ifPresent(why -> conclusions.put(one, without(one.claim(), Conclusion.Outcome.PROVISIONAL, why)));
            if (!conclusions.containsKey(one)) {
                open.computeIfAbsent(List.of(one.studyId(), one.claim().paper().id()), key -> new ArrayList<>())
                        .add(one);
            }
        }
        open.values().forEach(family -> putSoFar(family, whole, conclusions));
        return conclusions;
    }

    private void putSoFar(List<StudyClaim> family, boolean whole, Map<StudyClaim, Conclusion> conclusions) {
        try {
            List<Conclusion> soFar =
                    new Judging(store.orElseThrow()).soFar(family.get(0).studyId(), family, whole);
            for (int i = 0; i < family.size(); i++) {
                conclusions.put(family.get(i), soFar.get(i));
            }
        } catch (ClaimQueryException e) {
            if (family.size() > 1) {
                // One that cannot be read leaves the others as they are.
                family.forEach(one -> putSoFar(List.of(one), whole, conclusions));
            } else {
                StudyClaim one = family.get(0);
                String why = String.valueOf(e.getMessage());
                conclusions.put(one, without(one.claim(), Conclusion.Outcome.PROVISIONAL, why));
            }
        }
    }

    private static Conclusion unlisted(Claim claim) {
        if (claim.awaits().isPresent()) {
            return without(
                    claim,
                    Conclusion.Outcome.NOT_RUN,
                    "awaits " + claim.awaits().get());
        }
        return claim.decision().isEmpty()
                ? without(claim, Conclusion.Outcome.NOT_TESTABLE, "it says nothing that a measurement could decide")
                : without(claim, Conclusion.Outcome.NOT_RUN, "no study in this store lists it");
    }

    private static Conclusion without(Claim claim, Conclusion.Outcome outcome, String reason) {
        return new Conclusion(claim.id(), outcome, Optional.empty(), reason, List.of(), 0, List.of());
    }
}
