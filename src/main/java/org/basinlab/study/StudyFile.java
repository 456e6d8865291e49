package org.basinlab.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads a study's specification, in YAML or JSON, strictly: every key must be known, of its type and in its range, and
 * every assumption that is not spelled out gets the value that this table names.
 *
 * <table>
 * <caption>Keys that may be left out</caption>
 * <tr><th>key</th><th>value then</th></tr>
 * <tr><td>{@code paper}; {@code exploratory}</td><td>none; {@code false}</td></tr>
 * <tr><td>{@code seed}</td><td>1</td></tr>
 * <tr><td>{@code dataset.normalise}, {@code dataset.digest}</td><td>{@code standard}; any content</td></tr>
 * <tr><td>{@code training.batch}</td><td>500</td></tr>
 * <tr><td>{@code training.schedule}, {@code training.augmentation}</td><td>{@code constant}; {@code none}</td></tr>
 * <tr><td>{@code optimiser.sgd.momentum}, {@code nesterov}</td><td>0; {@code false}</td></tr>
 * <tr><td>{@code beta1}, {@code beta2}, {@code epsilon} of {@code adam} and {@code adamw}</td>
 *     <td>0.9, 0.999, 10⁻⁸</td></tr>
 * <tr><td>{@code optimiser.adamw.weightDecay}</td><td>0.01</td></tr>
 * <tr><td>{@code training.schedule.cosine.every}</td><td>{@code epoch}</td></tr>
 * <tr><td>{@code training.l1}, {@code training.l2}</td><td>0</td></tr>
 * <tr><td>{@code training.warmUp}; its {@code from}</td><td>none; 0</td></tr>
 * <tr><td>{@code training.subset}</td><td>all images</td></tr>
 * <tr><td>{@code favoured}, {@code seed}, {@code part} of a subset</td>
 *     <td>none; a draw for each network; {@code drawn}</td></tr>
 * <tr><td>{@code training.start}, {@code training.checkpoints}</td><td>weights drawn by seed; only the last</td></tr>
 * <tr><td>{@code order}</td><td>0</td></tr>
 * <tr><td>{@code arms}, {@code merge}, {@code controls}, {@code factors}</td><td>none</td></tr>
 * <tr><td>{@code crossed}</td><td>all factors</td></tr>
 * <tr><td>{@code matching} of a merge</td><td>{@code weight}</td></tr>
 * <tr><td>{@code outputBias} of a hierarchical merge; {@code evaluate.normalise}</td>
 *     <td>{@code own}; {@code as-trained}</td></tr>
 * <tr><td>{@code share}, {@code permute}, {@code sweepOrders} of a hierarchical merge</td>
 *     <td>0.5, {@code second}, 1</td></tr>
 * <tr><td>{@code rounds}, {@code stop} of a merge-many</td><td>{@code converged}, {@code l2}</td></tr>
 * <tr><td>{@code evaluate}</td><td>{@code accuracy} and {@code weight-norm}</td></tr>
 * <tr><td>numbers of images</td><td>all; 32 for {@code lipschitz}</td></tr>
 * <tr><td>{@code of}</td><td>{@code all} for {@code accuracy} and {@code weight-norm}, else {@code primary}</td></tr>
 * <tr><td>{@code space}</td><td>{@code pixel}</td></tr>
 * <tr><td>{@code keep}; {@code claims}</td><td>{@code all}; none</td></tr>
 * <tr><td>{@code shape}, {@code seconds}, {@code label}, {@code misbehave} of {@code probe}</td>
 *     <td>{@code wide}, 0, one each, none</td></tr>
 * <tr><td>{@code priority}, {@code maxRunning}, {@code device}, {@code limits}, {@code schedule}</td>
 *     <td>{@link RunSettings#DEFAULT}</td></tr>
 * </table>
 *
 * <p>An arm overrides the study's settings key by key: {@code training: { epochs: 3 }} keeps the rest of the training,
 * {@code evaluate: { accuracy: {} }} keeps the other metrics. {@code network}, {@code optimiser} and {@code schedule},
 * which are choices of one case, and lists are replaced whole; {@code merge: false} merges nothing, and {@code false}
 * likewise takes back {@code warmUp}, {@code subset} and its {@code favoured}, {@code start}, {@code checkpoints} and every
 * key of {@code evaluate}. An arm has no controls but its own.
 *
 * <p>{@code factors} makes further arms of the study's own settings: one for each combination of the values, or of those that
 * {@code crossed} names; see {@link Factors}.
 */
public final class StudyFile {

    /** The largest whole number up to which JSON's readers, which have only doubles, are exact. */
    static final long LARGEST_SEED = (1L << 53) - 1;

    private static final int MOST_ARMS = 100;

    private static final Keys STUDY = Keys.of(
            "a study",
            "study",
            "paper",
            "exploratory",
            "seed",
            "dataset",
            "network",
            "training",
            "order",
            "arms",
            "controls",
            "merge",
            "evaluate",
            "factors",
            "crossed",
            "keep",
            "claims",
            ProbeReader.KEY,
            RunSettingsReader.PRIORITY,
            RunSettingsReader.MAX_RUNNING,
            RunSettingsReader.DEVICE,
            RunSettingsReader.LIMITS,
            RunSettingsReader.SCHEDULE);
    static final Keys ARM =
            Keys.of("an arm", "network", "dataset", "training", "order", "controls", "merge", "evaluate");
    private static final Set<String> REPLACED_WHOLE = Set.of("network", "optimiser", "schedule");

    private StudyFile() {}

    /**
     * The study that a text asks for, with claims of the shipped register.
     *
     * @param source name of the text for messages: a file's name, {@code request body}
     * @throws SpecificationException at the first thing that cannot be taken, with its line, column and key
     */
    public static Study read(String text, String source) {
        return read(text, source, ClaimRegister::shipped);
    }

    /** The same with the claims of another register. */
    public static Study read(String text, String source, ClaimRegister register) {
        return read(text, source, () -> register);
    }

    /**
     * How the study of this text is to be run, which is no part of what it asks.
     *
     * @throws SpecificationException at the first of these settings that cannot be taken, with its line, column and key
     */
    public static RunSettings settings(String text, String source) {
        return RunSettingsReader.read(Section.of(YamlText.read(text, source), "", STUDY));
    }

    private static Study read(String text, String source, Supplier<ClaimRegister> register) {
        YamlValue.Fields fields = YamlText.read(text, source);
        Section root = Section.of(fields, "", STUDY);
        // Refused here, so that nobody takes a study whose settings nobody can take.
        RunSettingsReader.read(root);
        String name = root.get("study").text(Study.NAME, Study.NAME_IN_WORDS);
        Optional<String> paper = root.find("paper")
                .map(value ->
                        value.text("[^\\p{C}\\p{Zl}\\p{Zp}]{1,200}", "1 to 200 characters and no control characters"));
        long seed = root.find("seed")
                .map(value -> value.wholeNumber(0, LARGEST_SEED))
                .orElse(1L);
        boolean exploratory = root.find("exploratory").map(Value::truth).orElse(false);
        Keep keep = root.find("keep")
                .map(value -> value.choice(List.of(Keep.values()), Keep::label))
                .orElse(Keep.ALL);

        if (root.find(ProbeReader.KEY).isPresent()) {
            Probe probe = ProbeReader.read(root);
            return new Study(name, paper, seed, exploratory, List.of(), keep, List.of(), Optional.of(probe));
        }
        YamlValue.Fields own = fields.withDefault("evaluate", EvaluateReader.usual(fields.at()));
        List<Factors.Combination> combinations = Factors.of(root.find("factors"), root.find("crossed"), own);
        List<Arm> arms = new ArrayList<>();
        for (Factors.Combination combination : combinations) {
            arms.add(ArmReader.read(combination.name(), Arm.MAIN, Section.of(combination.fields(), "", STUDY)));
        }
        YamlValue.Fields main = combinations.get(0).fields();
        root.find("arms").ifPresent(value -> arms.addAll(arms(value, main.without("controls"))));
        List<String> claims =
                root.find("claims").map(value -> register.get().choose(value)).orElse(List.of());
        requireFewTasks(arms, claims.size(), root);
        return new Study(name, paper, seed, exploratory, arms, keep, claims);
    }

    private static List<Arm> arms(Value value, YamlValue.Fields own) {
        Map<String, YamlValue.Field> overrides = value.fields().byKey();
        if (overrides.size() > MOST_ARMS) {
            throw value.refuse("must name at most %d populations, had %d".formatted(MOST_ARMS, overrides.size()));
        }
        List<Arm> arms = new ArrayList<>();
        List<String> others = new ArrayList<>(List.of(Arm.MAIN));
        others.addAll(overrides.keySet());
        overrides.forEach((name, field) -> {
            Value override = new Value(field.value(), value.path() + "." + YamlValue.shown(name));
            if (!name.matches(ArmReader.NAME) || name.equals(Arm.MAIN)) {
                throw field.keyAt()
                        .refuse(
                                override.path(),
                                ("%s must be named by 1 to 40 lower-case letters, digits and hyphens, no hyphen first,"
                                                + " and not main, was '%s'")
                                        .formatted(value.path(), YamlValue.shown(name)));
            }
            Section arm = override.section(ARM);
            // What an arm takes over is at fault only where it does not go with what the arm says: that is its line.
            YamlValue.Fields inherited = own.movedTo(field.keyAt());
            arm.find("order").filter(Value::isText).ifPresent(order -> order.choice(others, other -> other));
            arms.add(ArmReader.read(name, name, arm.over(inherited, REPLACED_WHOLE)));
        });
        return arms;
    }

    /** Counted, not laid out: a matrix of a billion tasks is refused as fast as one of ten is taken. */
    private static void requireFewTasks(List<Arm> arms, int claims, Section root) {
        List<ArmSize> sizes = arms.stream().map(ArmSize::of).toList();
        // A task a paper decides claims, so at most one a claim.
        long tasks = sizes.stream().mapToLong(ArmSize::tasks).sum() + claims;
        require(tasks, ArmSize.MOST_TASKS, "tasks", root);
        require(sizes.stream().mapToLong(ArmSize::inputs).sum(), ArmSize.MOST_INPUTS, "inputs of tasks", root);
    }

    private static void require(long number, long most, String what, Section root) {
        if (number > most) {
            throw root.keyAt("study")
                    .refuse(
                            "",
                            "a study must have at most %d %s, this one would have %d".formatted(most, what, number));
        }
    }
}
