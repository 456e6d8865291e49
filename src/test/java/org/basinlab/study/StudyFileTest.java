package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.StopRule;
import org.basinlab.recipe.Subset;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.recipe.WarmUp;
import org.junit.jupiter.api.Test;

class StudyFileTest {

    static final String LEAST = """
            study: least
            dataset: { name: cifar10 }
            network: { mlp: { hidden: [32, 16] } }
            training:
              seeds: { from: 5, count: 8 }
              epochs: 2
              optimiser: { adam: { learningRate: 0.001 } }
            """;

    private static final Matching WEIGHT = new Matching.Weight();

    private static final List<Evaluation> ACCURACY_AND_NORM = List.of(
            new Evaluation.OfNetworks(
                    new MetricRequest.Accuracy(),
                    Optional.of(new Evaluation.Images(Split.TEST, Optional.empty())),
                    Evaluation.Population.ALL),
            new Evaluation.OfNetworks(
                    new MetricRequest.Accuracy(),
                    Optional.of(new Evaluation.Images(Split.TRAIN, Optional.empty())),
                    Evaluation.Population.ALL),
            new Evaluation.OfNetworks(new MetricRequest.WeightNorm(), Evaluation.Population.ALL));

    private static Study read(String text) {
        return StudyFile.read(text, "test.yaml");
    }

    @Test
    void what_a_study_leaves_open_gets_its_documented_value() {
        Study study = read(LEAST);

        Arm main = new Arm(
                "main",
                new DatasetRef(
                        KnownDataset.CIFAR10, new Normalisation.Named(Normalisation.Choice.STANDARD), Optional.empty()),
                new Architecture.Mlp(3072, List.of(32, 16), 10),
                new TrainingRecipe(
                        2, 500, new Optimiser.Adam(0.001, 0.9, 0.999, 1e-8), Schedule.CONSTANT, Augmentation.NONE),
                new SeedRange(5, 8),
                "main",
                List.of(),
                List.of(),
                ACCURACY_AND_NORM);
        assertThat(study).isEqualTo(new Study("least", Optional.empty(), 1, false, List.of(main), Keep.ALL, List.of()));
    }

    @Test
    void every_key_of_this_version_is_read() {
        Study study = read("""
                study: whole-2
                paper: arXiv:2510.09174v2, section 4 — Größe
                seed: 9007199254740991
                dataset:
                  name: synthetic-shapes
                  normalise: [0.5, 0.4, 0, 0.25, 1e-1, 10]
                  digest: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
                network: { mlp: { hidden: [8] } }
                training:
                  seeds: { from: 0, count: 4 }
                  epochs: 1
                  batch: 7
                  optimiser: { sgd: { learningRate: 1, momentum: 0.9 } }
                  schedule: cosine
                  augmentation: none
                merge:
                  - { scheme: hierarchical, matching: weight, share: 0.25, stages: 2 }
                  - { scheme: merge-many, groups: [2, 4], rounds: 3, stop: identity }
                  - { scheme: merge-many, groups: [2] }
                  - { scheme: reference, groups: [3] }
                  - { scheme: naive, groups: [2] }
                evaluate: { weight-norm: {}, accuracy: {} }
                keep: leaves
                """);

        assertThat(study.paper()).contains("arXiv:2510.09174v2, section 4 — Größe");
        assertThat(study.seed()).isEqualTo((1L << 53) - 1);
        assertThat(study.keep()).isEqualTo(Keep.LEAVES);
        Arm main = study.arms().get(0);
        assertThat(main.dataset().normalise())
                .isEqualTo(new Normalisation.Constants(List.of(0.5, 0.4, 0.0), List.of(0.25, 0.1, 10.0)));
        assertThat(main.dataset().digest()).isPresent();
        assertThat(main.training())
                .isEqualTo(new TrainingRecipe(1, 7, new Optimiser.Sgd(1, 0.9), Schedule.COSINE, Augmentation.NONE));
        assertThat(main.merge())
                .containsExactly(
                        new MergeScheme.Hierarchical(WEIGHT, 0.25, 2),
                        new MergeScheme.MergeMany(WEIGHT, List.of(2, 4), new Rounds(3), StopRule.IDENTITY),
                        new MergeScheme.MergeMany(WEIGHT, List.of(2), Rounds.CONVERGED, StopRule.L2),
                        new MergeScheme.Reference(WEIGHT, List.of(3)),
                        new MergeScheme.Naive(List.of(2)));
        assertThat(main.evaluate()).isEqualTo(ACCURACY_AND_NORM);
    }

    @Test
    void matchings_and_schemes_have_their_documented_settings() {
        Study study = read(LEAST + """
                merge:
                  - { scheme: sequential, groups: [4], matching: best-of }
                  - { scheme: sequential, groups: [3], matching: { best-of: 3 }, repair: false }
                  - { scheme: reference, groups: [2], matching: { activation: { statistic: pearson, images: 90 } }, images: 100 }
                  - { scheme: hierarchical, stages: 1, matching: { straight-through: { epochs: 2, batch: 50 } } }
                  - { scheme: c2m3, groups: [3], repair: rescale }
                  - { scheme: greedy-soup, groups: [8] }
                  - { scheme: greedy-soup, groups: [8], matching: weight, repair: repair }
                """);

        Optional<Repair> none = Optional.empty();
        assertThat(study.arms().get(0).merge())
                .containsExactly(
                        new MergeScheme.Sequential(new Matching.BestOf(10), List.of(4), none, Optional.empty()),
                        new MergeScheme.Sequential(new Matching.BestOf(3), List.of(3), none, Optional.empty()),
                        new MergeScheme.Reference(
                                new Matching.Activation(Matching.Statistic.PEARSON, Optional.of(90)),
                                List.of(2),
                                none,
                                Optional.of(100)),
                        new MergeScheme.Hierarchical(new Matching.StraightThrough(2, 50, 0.01, 0.9), 0.5, 1),
                        new MergeScheme.CycleConsistent(List.of(3), 100, Optional.of(Repair.RESCALE), Optional.empty()),
                        new MergeScheme.GreedySoup(new Matching.None(), List.of(8), none, Optional.empty()),
                        new MergeScheme.GreedySoup(WEIGHT, List.of(8), Optional.of(Repair.REPAIR), Optional.empty()));
        assertThat(CanonicalJson.read(CanonicalJson.write(study), Study.class)).isEqualTo(study);
    }

    @Test
    void an_arm_overrides_key_by_key_and_keeps_the_rest() {
        Study study = read(LEAST + """
                merge: [ { scheme: naive, groups: [8] } ]
                evaluate: { weight-norm: {} }
                arms:
                  same: {}
                  other-seeds: { training: { seeds: { from: 100 } } }
                  sgd: { training: { optimiser: { sgd: { learningRate: 0.1 } } }, merge: false }
                  wide: { network: { mlp: { hidden: [64] } }, evaluate: { accuracy: {} } }
                  shapes: { dataset: { name: synthetic-shapes, normalise: half } }
                """);

        Arm main = study.arms().get(0);
        assertThat(study.arms())
                .extracting(Arm::name)
                .containsExactly("main", "same", "other-seeds", "sgd", "wide", "shapes");
        assertThat(study.arms().get(1))
                .isEqualTo(new Arm(
                        "same",
                        main.dataset(),
                        main.network(),
                        main.training(),
                        main.seeds(),
                        "same",
                        main.merge(),
                        main.controls(),
                        main.evaluate()));
        assertThat(study.arms().get(2).seeds()).isEqualTo(new SeedRange(100, 8));
        assertThat(study.arms().get(2).training()).isEqualTo(main.training());
        assertThat(study.arms().get(3).training().optimiser()).isEqualTo(new Optimiser.Sgd(0.1, 0));
        assertThat(study.arms().get(3).training().epochs()).isEqualTo(2);
        assertThat(study.arms().get(3).merge()).isEmpty();
        assertThat(study.arms().get(4).network()).isEqualTo(new Architecture.Mlp(3072, List.of(64), 10));
        assertThat(study.arms().get(4).evaluate()).hasSize(3);
        assertThat(study.arms().get(5).dataset().name()).isEqualTo(KnownDataset.SYNTHETIC_SHAPES);
        assertThat(study.arms().get(5).dataset().normalise())
                .isEqualTo(new Normalisation.Named(Normalisation.Choice.HALF));
    }

    @Test
    void every_setting_of_a_training_is_read() {
        TrainingRecipe training = training("""
                  optimiser: { sgd: { learningRate: 0.1, momentum: 0.9, nesterov: true } }
                  schedule: { multi-step: { epochs: [20, 40], factor: 0.2 } }
                  warmUp: { epochs: 1, from: 0.00001 }
                  augmentation: git-rebasin
                  l1: 0.00001
                  l2: 5e-4
                  subset:
                    fraction: 0.2
                    favoured: { classes: [4, 0, 1, 2, 3], fraction: 0.8 }
                    seed: 7
                    part: rest
                  start: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
                  checkpoints: { every: 100 }
                """);

        assertThat(training)
                .isEqualTo(new TrainingRecipe(
                        60,
                        500,
                        new Optimiser.Sgd(0.1, 0.9, true),
                        new Schedule.MultiStep(List.of(20, 40), 0.2),
                        Augmentation.GIT_REBASIN,
                        Optional.of(new WarmUp(1, 1e-5)),
                        Optional.of(new Penalty(1e-5, 5e-4)),
                        Optional.of(new Subset(
                                0.2,
                                Optional.of(new Subset.Favoured(List.of(0, 1, 2, 3, 4), 0.8)),
                                Optional.of(7L),
                                Subset.Part.REST)),
                        Optional.of("0123456789abcdef".repeat(4)),
                        Optional.of(100)));
    }

    @Test
    void settings_inside_a_setting_have_their_documented_values() {
        TrainingRecipe training = training("""
                  optimiser: { adamw: { learningRate: 0.1 } }
                  schedule: { cosine: {} }
                  warmUp: { epochs: 59 }
                  l1: 0
                  l2: 0
                  subset: { fraction: 1 }
                """);

        assertThat(training.optimiser())
                .isEqualTo(new Optimiser.AdamW(new Optimiser.Adam(0.1, 0.9, 0.999, 1e-8), 0.01));
        assertThat(training.schedule()).isEqualTo(Schedule.COSINE);
        assertThat(training.warmUp()).contains(new WarmUp(59, 0));
        assertThat(training.penalty()).isEmpty();
        assertThat(training.subset()).contains(new Subset(1, Optional.empty(), Optional.empty(), Subset.Part.DRAWN));
    }

    @Test
    void an_arm_changes_one_penalty_and_takes_back_what_false_stands_under() {
        Study study = read("""
                study: arms
                dataset: { name: cifar10 }
                network: { mlp: { hidden: [8] } }
                training:
                  seeds: { from: 0, count: 2 }
                  epochs: 9
                  optimiser: { adam: { learningRate: 0.001 } }
                  schedule: { multi-step: { epochs: [3], factor: 0.5 } }
                  warmUp: { epochs: 1 }
                  l2: 0.1
                  subset: { fraction: 0.5, favoured: { classes: [1], fraction: 1 }, seed: 7 }
                  start: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
                  checkpoints: { every: 5 }
                arms:
                  both: { training: { l1: 0.2 } }
                  neither: { training: { l2: 0 } }
                  rest: { training: { subset: { part: rest, favoured: false } } }
                  smooth: { training: { schedule: { cosine: { every: step } } } }
                  plain: { training: { warmUp: false, subset: false, start: false, checkpoints: false } }
                """);

        assertThat(study.arms().get(1).training().penalty()).contains(new Penalty(0.2, 0.1));
        assertThat(study.arms().get(2).training().penalty()).isEmpty();
        assertThat(study.arms().get(3).training().subset())
                .contains(new Subset(0.5, Optional.empty(), Optional.of(7L), Subset.Part.REST));
        assertThat(study.arms().get(4).training().schedule()).isEqualTo(new Schedule.Cosine(Schedule.Tick.STEP));
        TrainingRecipe plain = study.arms().get(5).training();
        assertThat(plain.warmUp()).isEmpty();
        assertThat(plain.subset()).isEmpty();
        assertThat(plain.start()).isEmpty();
        assertThat(plain.snapshotEvery()).isEmpty();
        assertThat(CanonicalJson.read(study.canonical(), Study.class)).isEqualTo(study);
    }

    private static TrainingRecipe training(String settings) {
        String text = """
                study: trained
                dataset: { name: cifar10 }
                network: { mlp: { hidden: [8] } }
                training:
                  seeds: { from: 0, count: 2 }
                  epochs: 60
                """ + settings;
        return read(text).arms().get(0).training();
    }

    @Test
    void json_says_the_same_as_yaml() {
        String json = """
                {
                \t"study": "least", "paper": "https:\\/\\/arxiv.org\\/abs",
                \t"dataset": {"name":"cifar10"},
                \t"network": {"mlp": {"hidden": [32, 16]}},
                \t"training": {"seeds": {"from": 5, "count": 8}, "epochs": 2,
                \t\t"optimiser": {"adam": {"learningRate": 1E-3}}}
                }
                """;

        assertThat(read(json)).isEqualTo(read(LEAST + "paper: https://arxiv.org/abs\n"));
    }

    @Test
    void an_anchor_stands_for_its_value() {
        Study study = read(LEAST + """
                merge:
                  - { scheme: naive, groups: &sizes [2, 4] }
                  - { scheme: reference, groups: *sizes }
                """);

        assertThat(study.arms().get(0).merge())
                .containsExactly(
                        new MergeScheme.Naive(List.of(2, 4)), new MergeScheme.Reference(WEIGHT, List.of(2, 4)));
    }

    @Test
    void order_of_keys_and_comments_do_not_change_the_identity() {
        String turned = """
                # the same
                training: { optimiser: { adam: { learningRate: 0.0010 } }, epochs: 2, seeds: { count: 8, from: 5 } }
                network: { mlp: { hidden: [32, 16] } }
                evaluate: { weight-norm: {}, accuracy: {} }
                dataset: { normalise: standard, name: cifar10 }
                study: least
                """;

        assertThat(read(turned).canonical()).isEqualTo(read(LEAST).canonical());
    }

    @Test
    void a_study_is_the_same_after_writing_and_reading_its_canonical_text() {
        for (String name : ShippedStudies.names()) {
            Study study = StudyFile.read(ShippedStudies.find(name).orElseThrow(), name);

            assertThat(CanonicalJson.read(study.canonical(), Study.class)).isEqualTo(study);
        }
        Study named = read(
                LEAST + "keep: leaves\npaper: somewhere\nmerge: [ { scheme: merge-many, groups: [2], rounds: 2 } ]\n");

        assertThat(CanonicalJson.read(named.canonical(), Study.class)).isEqualTo(named);
    }
}
