package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecificationErrorsTest {

    private static final String STUDY = """
            study: errors
            seed: 1
            dataset: { name: cifar10, normalise: standard }
            network: { mlp: { hidden: [32, 16] } }
            training:
              seeds: { from: 0, count: 8 }
              epochs: 2
              batch: 500
              optimiser: { adam: { learningRate: 0.001 } }
              schedule: cosine
            merge:
              - { scheme: hierarchical, stages: 3 }
              - { scheme: merge-many, groups: [4], rounds: converged }
            evaluate: { accuracy: {} }
            """;

    private static SpecificationException refusal(String text) {
        SpecificationException refused =
                catchThrowableOfType(SpecificationException.class, () -> StudyFile.read(text, "s.yaml"));
        assertThat(refused).as(text).isNotNull();
        return refused;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what is replaced      | by what                     | the message
            epochs: 2               | epochs: 0                   | s.yaml:7:11: training.epochs must lie in [1, 10000], was 0
            epochs: 2               | epochs: 10001               | s.yaml:7:11: training.epochs must lie in [1, 10000], was 10001
            epochs: 2               | epochs: 99999999999999999999| s.yaml:7:11: training.epochs must lie in [1, 10000], was 99999999999999999999
            epochs: 2               | epochs: 010                 | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was '010'
            epochs: 2               | epochs: 0x10                | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was '0x10'
            epochs: 2               | epochs: 1_000               | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was '1_000'
            epochs: 2               | epochs: +2                  | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was '+2'
            epochs: 2               | epochs: "2"                 | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was the text '2'
            epochs: 2               | epochs: 2.0                 | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was 2.0
            epochs: 2               | epochs: true                | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was true
            epochs: 2               | epochs: yes                 | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was 'yes'
            epochs: 2               | epochs: [2]                 | s.yaml:7:11: training.epochs must be a whole number in [1, 10000], was a list
            epochs: 2               | epochs:                     | s.yaml:7:10: training.epochs must be a whole number in [1, 10000], was nothing
            epochs: 2               | epoch: 2                    | s.yaml:7:3: training.epoch is not known (did you mean epochs?); training has the keys seeds, epochs, batch, optimiser, schedule, warmUp, augmentation, l1, l2, subset, start, checkpoints
            batch: 500              | batch: 50001                | s.yaml:8:10: training.batch must be at most the 50000 training images of cifar10, was 50001
            count: 8                | count: 0                    | s.yaml:6:28: training.seeds.count must lie in [1, 100000], was 0
            count: 8                | cuont: 8                    | s.yaml:6:21: training.seeds.cuont is not known; seeds has the keys from, count
            from: 0                 | from: 9007199254740992      | s.yaml:6:18: training.seeds.from must lie in [0, 9007199254640991], was 9007199254740992
            'from: 0, '             | ''                          | s.yaml:6:10: training.seeds.from is missing
            seed: 1                 | seed: -1                    | s.yaml:2:7: seed must lie in [0, 9007199254740991], was -1
            seed: 1                 | sed: 1                      | s.yaml:2:1: sed is not known (did you mean seed?); a study has the keys study, paper, exploratory, seed, dataset, network, training, order, arms, controls, merge, evaluate, factors, crossed, keep, claims, probe, priority, maxRunning, device, limits, schedule
            seed: 1                 | paper: ''                   | s.yaml:2:8: paper must have 1 to 200 characters and no control characters, was the text ''
            seed: 1                 | paper: "a\\u0007"           | s.yaml:2:8: paper must have 1 to 200 characters and no control characters, was the text 'a?'
            seed: 1                 | paper: 2510                 | s.yaml:2:8: paper must be a text, was 2510
            seed: 1                 | keep: cited                 | s.yaml:2:7: keep must be all or leaves, was 'cited'
            study: errors           | study: My_Study             | s.yaml:1:8: study must have 1 to 80 lower-case letters, digits and hyphens, and no hyphen first, was 'My_Study'
            study: errors           | paper: x                    | s.yaml:1:1: study is missing
            0.001                   | 0                           | s.yaml:9:38: training.optimiser.adam.learningRate must lie in (0, 100], was 0
            0.001                   | 1e400                       | s.yaml:9:38: training.optimiser.adam.learningRate must lie in (0, 100], was 1e400
            0.001                   | .nan                        | s.yaml:9:38: training.optimiser.adam.learningRate must be a number in (0, 100], was '.nan'
            0.001                   | .inf                        | s.yaml:9:38: training.optimiser.adam.learningRate must be a number in (0, 100], was '.inf'
            0.001                   | "0.001"                     | s.yaml:9:38: training.optimiser.adam.learningRate must be a number in (0, 100], was the text '0.001'
            0.001                   | !!float x                   | s.yaml:9:38: training.optimiser.adam.learningRate must be a number, was x
            learningRate            | lr                          | s.yaml:9:24: training.optimiser.adam.lr is not known; adam has the keys learningRate, beta1, beta2, epsilon
            adam:                   | rmsprop:                    | s.yaml:9:16: training.optimiser.rmsprop is not known; an optimiser has the keys sgd, adam, adamw
            { adam: { learningRate: 0.001 } } | {}                | s.yaml:9:14: training.optimiser must have one key, sgd, adam or adamw, had 0
            { adam: { learningRate: 0.001 } } | adam              | s.yaml:9:14: training.optimiser must be a mapping, was 'adam'
            schedule: cosine        | schedule: linear            | s.yaml:10:13: training.schedule must be constant, cosine or a mapping with cosine or multi-step, was 'linear'
            schedule: cosine        | augmentation: flip          | s.yaml:10:17: training.augmentation must be none, crop-flip or git-rebasin, was 'flip'
            schedule: cosine        | l1: -1                      | s.yaml:10:7: training.l1 must lie in [0, 10], was -1
            schedule: cosine        | l2: 10.5                    | s.yaml:10:7: training.l2 must lie in [0, 10], was 10.5
            schedule: cosine        | l2: none                    | s.yaml:10:7: training.l2 must be a number in [0, 10], was 'none'
            schedule: cosine        | schedule: {}                | s.yaml:10:13: training.schedule must have one key, cosine or multi-step, had 0
            schedule: cosine        | schedule: { step: {} }      | s.yaml:10:15: training.schedule.step is not known; a schedule has the keys cosine, multi-step
            schedule: cosine        | schedule: { cosine: { every: batch } } | s.yaml:10:32: training.schedule.cosine.every must be epoch or step, was 'batch'
            schedule: cosine        | schedule: { multi-step: { factor: 1 } } | s.yaml:10:27: training.schedule.multi-step.epochs is missing
            schedule: cosine        | schedule: { multi-step: { epochs: [1] } } | s.yaml:10:27: training.schedule.multi-step.factor is missing
            schedule: cosine        | schedule: { multi-step: { epochs: 1, factor: 1 } } | s.yaml:10:37: training.schedule.multi-step.epochs must be a list of epochs, was 1
            schedule: cosine        | schedule: { multi-step: { epochs: [], factor: 1 } } | s.yaml:10:37: training.schedule.multi-step.epochs must have 1 to 100 epochs, had 0
            schedule: cosine        | schedule: { multi-step: { epochs: [0], factor: 1 } } | s.yaml:10:38: training.schedule.multi-step.epochs[0] must lie in [1, 10000], was 0
            schedule: cosine        | schedule: { multi-step: { epochs: [1, 2], factor: 1 } } | s.yaml:10:41: training.schedule.multi-step.epochs[1] must be below the training's 2 epochs, was 2
            schedule: cosine        | schedule: { multi-step: { epochs: [1, 1], factor: 1 } } | s.yaml:10:41: training.schedule.multi-step.epochs[1] must be later than the epoch before it, 1, was 1
            schedule: cosine        | schedule: { multi-step: { epochs: [1], factor: 0 } } | s.yaml:10:50: training.schedule.multi-step.factor must lie in (0, 1], was 0
            schedule: cosine        | warmUp: 1                   | s.yaml:10:11: training.warmUp must be a mapping, was 1
            schedule: cosine        | warmUp: {}                  | s.yaml:10:11: training.warmUp.epochs is missing
            schedule: cosine        | warmUp: { epochs: 0 }       | s.yaml:10:21: training.warmUp.epochs must lie in [1, 10000], was 0
            schedule: cosine        | warmUp: { epochs: 2 }       | s.yaml:10:21: training.warmUp.epochs must be below the training's 2 epochs, was 2
            schedule: cosine        | warmUp: { epochs: 1, from: 1 } | s.yaml:10:30: training.warmUp.from must lie in [0, 1), was 1
            schedule: cosine        | subset: {}                  | s.yaml:10:11: training.subset.fraction is missing
            schedule: cosine        | subset: { fraction: 1.1 }   | s.yaml:10:23: training.subset.fraction must lie in [0, 1], was 1.1
            schedule: cosine        | subset: { fraction: 0 }     | s.yaml:10:11: training.subset must have at least one of the 50000 training images of cifar10, had none
            schedule: cosine        | subset: { fraction: 1, part: rest } | s.yaml:10:11: training.subset must have at least one of the 50000 training images of cifar10, had none
            schedule: cosine        | subset: { fraction: 1, part: half } | s.yaml:10:32: training.subset.part must be drawn, rest or alternating, was 'half'
            schedule: cosine        | subset: { fraction: 1, seed: -1 } | s.yaml:10:32: training.subset.seed must lie in [0, 9007199254740991], was -1
            schedule: cosine        | subset: { fraction: 0, favoured: { classes: [], fraction: 1 } } | s.yaml:10:47: training.subset.favoured.classes must have at least one class, was empty
            schedule: cosine        | subset: { fraction: 0, favoured: { classes: [10], fraction: 1 } } | s.yaml:10:48: training.subset.favoured.classes[0] must lie in [0, 9], was 10
            schedule: cosine        | subset: { fraction: 0, favoured: { classes: [3, 3], fraction: 1 } } | s.yaml:10:51: training.subset.favoured.classes[1] must be a class that is not there yet, was 3 again
            schedule: cosine        | subset: { fraction: 0, favoured: { classes: [3], fraction: 2 } } | s.yaml:10:62: training.subset.favoured.fraction must lie in [0, 1], was 2
            schedule: cosine        | subset: { fraction: 0.5, favored: {} } | s.yaml:10:28: training.subset.favored is not known (did you mean favoured?); subset has the keys fraction, favoured, seed, part
            schedule: cosine        | subset: { fraction: 0.00998 } | s.yaml:8:10: training.batch must be at most the 499 training images of the subset, was 500
            schedule: cosine        | start: 0A                   | s.yaml:10:10: training.start must have 64 lower-case hexadecimal digits (SHA-256), was '0A'
            schedule: cosine        | start: 0                    | s.yaml:10:10: training.start must be a text, was 0
            schedule: cosine        | checkpoints: 100            | s.yaml:10:16: training.checkpoints must be a mapping, was 100
            schedule: cosine        | checkpoints: { every: 0 }   | s.yaml:10:25: training.checkpoints.every must lie in [1, 1000000], was 0
            schedule: cosine        | checkpoints: { every: 1000001 } | s.yaml:10:25: training.checkpoints.every must lie in [1, 1000000], was 1000001
            { adam: { learningRate: 0.001 } } | { sgd: { learningRate: 1, nesterov: true } } | s.yaml:9:50: training.optimiser.sgd.nesterov must be false unless the momentum is above 0, was true
            { adam: { learningRate: 0.001 } } | { sgd: { learningRate: 1, momentum: 0.9, nesterov: 1 } } | s.yaml:9:65: training.optimiser.sgd.nesterov must be true or false, was 1
            { adam: { learningRate: 0.001 } } | { adamw: { learningRate: 1, weightDecay: -0.1 } } | s.yaml:9:55: training.optimiser.adamw.weightDecay must lie in [0, 10], was -0.1
            { adam: { learningRate: 0.001 } } | { adam: { learningRate: 1, weightDecay: 0.1 } } | s.yaml:9:41: training.optimiser.adam.weightDecay is not known; adam has the keys learningRate, beta1, beta2, epsilon
            name: cifar10           | name: cifar11               | s.yaml:3:18: dataset.name must be cifar10, cifar100, mnist, fashion-mnist or synthetic-shapes, was 'cifar11'
            normalise: standard     | normalise: [0.5, 0.5]       | s.yaml:3:38: dataset.normalise must have 6 numbers, 3 means and then 3 standard deviations, had 2
            normalise: standard     | normalise: [0,0,0,1,1,0]    | s.yaml:3:49: dataset.normalise[5] must lie in (0, 10], was 0
            normalise: standard     | normalise: max              | s.yaml:3:38: dataset.normalise must be standard, train, half or none, was 'max'
            normalise: standard     | digest: ABC                 | s.yaml:3:35: dataset.digest must have 64 lower-case hexadecimal digits (SHA-256), was 'ABC'
            [32, 16]                | [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] | s.yaml:4:27: network.mlp.hidden must have at most 16 layers, had 17
            [32, 16]                | [32, 8193]                  | s.yaml:4:32: network.mlp.hidden[1] must lie in [1, 8192], was 8193
            [32, 16]                | [8192, 8192, 8192, 8192, 8192, 8192] | s.yaml:4:27: network.mlp.hidden must give at most 335544320 weights and biases, would give 360841226
            [32, 16]                | [8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192] | s.yaml:4:27: network.mlp.hidden must give at most 335544320 weights and biases, would give 629309450
            { mlp: { hidden: [32, 16] } } | { vgg: {} }           | s.yaml:4:12: network.vgg is not known; network has the keys mlp, vgg16, resnet20, cnn, vit
            stages: 3               | stages: 4                   | s.yaml:12:37: merge[0].stages must leave 2^stages networks to merge: 4 stages need a seeds.count of 16, was 8
            stages: 3               | stages: 13                  | s.yaml:12:37: merge[0].stages must lie in [1, 12], was 13
            stages: 3               | stages: 3, groups: [2]      | s.yaml:12:49: merge[0].groups[0] must be said as stages in a hierarchical merge: groups of 2 are stages: 1
            stages: 3               | stages: 3, groups: [6]      | s.yaml:12:49: merge[0].groups[0] must be a power of two in a hierarchical merge, was 6: 4 (stages: 2) and 8 (stages: 3) fit
            { scheme: hierarchical, stages: 3 } | { scheme: hierarchical, stages: 3, repair: mend } | s.yaml:12:48: merge[0].repair must be repair or rescale, was 'mend'
            { scheme: hierarchical, stages: 3 } | { scheme: hierarchical, stages: 3, images: 100 } | s.yaml:12:48: merge[0].images must be left out where a merge looks at no images
            { scheme: hierarchical, stages: 3 } | { scheme: hierarchical, stages: 3, repair: repair, images: 1 } | s.yaml:12:64: merge[0].images must lie in [2, 50000], was 1
            { scheme: hierarchical, stages: 3 } | { scheme: hierarchical, stages: 3, iterations: 5 } | s.yaml:12:40: merge[0].iterations is not known; a hierarchical merge has the keys scheme, matching, share, stages, permute, sweepOrders, outputBias, repair, images
            { scheme: hierarchical, stages: 3 } | { scheme: c2m3, groups: [4], matching: weight } | s.yaml:12:34: merge[0].matching is not known; a c2m3 merge has the keys scheme, groups, iterations, repair, images
            { scheme: hierarchical, stages: 3 } | { scheme: c2m3, groups: [4], iterations: 0 } | s.yaml:12:46: merge[0].iterations must lie in [1, 1000], was 0
            { scheme: hierarchical, stages: 3 } | { scheme: reference, groups: [2], matching: none } | s.yaml:12:49: merge[0].matching must be weight, activation, straight-through or best-of, was 'none'
            { scheme: hierarchical, stages: 3 } | { scheme: reference, groups: [2], matching: { best-of: 0 } } | s.yaml:12:60: merge[0].matching.best-of must lie in [1, 10000], was 0
            { scheme: hierarchical, stages: 3 } | { scheme: merge-many, groups: [2], matching: activation } | s.yaml:12:50: merge[0].matching must be weight, was 'activation'
            { scheme: hierarchical, stages: 3 } | { scheme: sequential, groups: [9] } | s.yaml:12:36: merge[0].groups[0] must be at most the seeds.count of 8, was 9
            { scheme: hierarchical, stages: 3 } | { scheme: greedy-soup } | s.yaml:12:5: merge[0].groups is missing
            stages: 3               | stages: 3, sweepOrders: 0   | s.yaml:12:53: merge[0].sweepOrders must lie in [1, 1000], was 0
            stages: 3               | stages: 3, permute: [first, first] | s.yaml:12:57: merge[0].permute[1] must be a value that is not there yet, was 'first' again
            stages: 3               | stages: 3, permute: both    | s.yaml:12:49: merge[0].permute must be second, first or better, was 'both'
            stages: 3               | stages: 3, permute: []      | s.yaml:12:49: merge[0].permute must have at least one value, was empty
            stages: 3               | stages: 3, matching: none, permute: first | s.yaml:12:65: merge[0].permute must be left out where nothing is matched
            rounds: converged       | rounds: [1, converged, 1]   | s.yaml:13:63: merge[1].rounds[2] must be a value that is not there yet, was 1 again
            seed: 1                 | exploratory: maybe          | s.yaml:2:14: exploratory must be true or false, was 'maybe'
            seed: 1                 | order: -1                   | s.yaml:2:8: order must lie in [0, 1000000], was -1
            stages: 3               | stages: 3, share: 1.5       | s.yaml:12:47: merge[0].share must lie in [0, 1], was 1.5
            stages: 3               | stages: 3, matching: guess  | s.yaml:12:50: merge[0].matching must be weight, activation, straight-through, best-of or none, was 'guess'
            scheme: hierarchical    | scheme: tree                | s.yaml:12:15: merge[0].scheme must be hierarchical, merge-many, reference, sequential, c2m3, greedy-soup or naive, was 'tree'
            groups: [4]             | groups: [4, 9]              | s.yaml:13:39: merge[1].groups[1] must be at most the seeds.count of 8, was 9
            groups: [4]             | groups: [4, 2, 4]           | s.yaml:13:42: merge[1].groups[2] must be a size that is not there yet, was 4 again
            groups: [4]             | groups: [1]                 | s.yaml:13:36: merge[1].groups[0] must lie in [2, 4096], was 1
            groups: [4]             | groups: []                  | s.yaml:13:35: merge[1].groups must have at least one size, was empty
            groups: [4]             | groups: 4                   | s.yaml:13:35: merge[1].groups must be a list of group sizes, was 4
            rounds: converged       | rounds: enough              | s.yaml:13:48: merge[1].rounds must be converged or a whole number in [1, 1000], was 'enough'
            rounds: converged       | rounds: 1001                | s.yaml:13:48: merge[1].rounds must lie in [1, 1000], was 1001
            rounds: converged       | stop: never                 | s.yaml:13:46: merge[1].stop must be l2 or identity, was 'never'
            accuracy: {}            | accuracy:                   | s.yaml:14:22: evaluate.accuracy must be a mapping, was nothing
            accuracy: {}            | accuracy: { images: 5 }     | s.yaml:14:25: evaluate.accuracy.images is not known; accuracy has the keys train, test, of
            accuracy: {}            | acuracy: {}                 | s.yaml:14:13: evaluate.acuracy is not known (did you mean accuracy?); evaluate has the keys accuracy, weight-norm, calibration, lipschitz, fgsm, pgd, deepfool, gaussian, uniform, weight-noise, barrier, running-mean, scaling, patterns, counter-example, normalise
            accuracy: {}            | fgsm: {}                    | s.yaml:14:19: evaluate.fgsm.epsilons is missing
            """)
    void says_where_what_must_hold_and_what_was_found(String replaced, String by, String message) {
        String text = STUDY.replace(replaced, by == null ? "" : by);

        assertThat(refusal(text).getMessage()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            few: { training: { seeds: { count: 4 } } }      | s.yaml:16:3: arms.few.merge[0].stages must leave 2^stages networks to merge: 3 stages need a seeds.count of 8, was 4
            few: { training: { epochs: 0 } }                | s.yaml:16:30: arms.few.training.epochs must lie in [1, 10000], was 0
            few: { training: { epoch: 1 } }                 | s.yaml:16:22: arms.few.training.epoch is not known (did you mean epochs?); training has the keys seeds, epochs, batch, optimiser, schedule, warmUp, augmentation, l1, l2, subset, start, checkpoints
            few: { training: 3 }                            | s.yaml:16:20: arms.few.training must be a mapping, was 3
            few: { training: { optimiser: { sgd: {} } } }   | s.yaml:16:40: arms.few.training.optimiser.sgd.learningRate is missing
            few: { dataset: { name: synthetic-shapes }, training: { batch: 10001 } } | s.yaml:16:66: arms.few.training.batch must be at most the 10000 training images of synthetic-shapes, was 10001
            few: { merge: [ { scheme: naive, groups: [16] } ] } | s.yaml:16:45: arms.few.merge[0].groups[0] must be at most the seeds.count of 8, was 16
            few: { training: { epochs: 1, warmUp: { epochs: 1 } } } | s.yaml:16:51: arms.few.training.warmUp.epochs must be below the training's 1 epochs, was 1
            few: { training: { subset: { fraction: 0.001 } } } | s.yaml:16:3: arms.few.training.batch must be at most the 50 training images of the subset, was 500
            few: { merge: none }                            | s.yaml:16:17: arms.few.merge must be a list of merges, or false for none, was 'none'
            few: { seed: 3 }                                | s.yaml:16:10: arms.few.seed is not known; an arm has the keys network, dataset, training, order, controls, merge, evaluate
            few:                                            | s.yaml:16:7: arms.few must be a mapping, was nothing
            main: {}                                        | s.yaml:16:3: arms must be named by 1 to 40 lower-case letters, digits and hyphens, no hyphen first, and not main, was 'main'
            Few: {}                                         | s.yaml:16:3: arms must be named by 1 to 40 lower-case letters, digits and hyphens, no hyphen first, and not main, was 'Few'
            """)
    void an_arm_s_fault_stands_in_the_arm_s_line(String arm, String message) {
        assertThat(refusal(STUDY + "arms:\n  " + arm + "\n").getMessage()).isEqualTo(message);
    }

    @Test
    void a_batch_must_fit_into_memory_with_what_the_network_computes_of_it() {
        String wide = STUDY.replace("[32, 16]", "[8192, 8192]");

        Study fits = StudyFile.read(wide.replace("batch: 500", "batch: 27579"), "s.yaml");

        assertThat(fits.arms().get(0).training().batch()).isEqualTo(27_579);
        assertThat(refusal(wide.replace("batch: 500", "batch: 27580")).getMessage())
                .isEqualTo(
                        "s.yaml:8:10: training.batch must be at most 27579, or 3072-8192-8192-10 needs more than 2 GiB,"
                                + " was 27580");
    }

    @Test
    void a_subset_that_is_smaller_than_the_usual_batch_needs_one_of_its_own() {
        String small = STUDY.replace("  batch: 500\n", "").replace("schedule: cosine", "subset: { fraction: 0.0001 }");

        assertThat(refusal(small).getMessage())
                .isEqualTo("s.yaml:9:11: training.subset must have at least the 500 images of a batch where batch is"
                        + " not given, had 5");
        assertThat(StudyFile.read(small.replace("epochs: 2", "epochs: 2\n  batch: 5"), "s.yaml")
                        .arms())
                .hasSize(1);
    }

    @Test
    void the_networks_along_a_training_are_counted() {
        String many =
                STUDY.replace("epochs: 2", "epochs: 101").replace("schedule: cosine", "checkpoints: { every: 1 }");

        assertThat(refusal(many))
                .hasMessage("s.yaml:10:16: training.checkpoints must store at most 10000 networks along a training,"
                        + " would store 10099");
    }

    @Test
    void what_an_arm_takes_over_must_go_with_its_own_epochs() {
        String stepped = STUDY.replace("epochs: 2", "epochs: 9")
                .replace("schedule: cosine", "schedule: { multi-step: { epochs: [3, 6], factor: 0.1 } }");

        assertThat(refusal(stepped + "arms: { brief: { training: { epochs: 6 } } }\n")
                        .getMessage())
                .isEqualTo("s.yaml:15:9: arms.brief.training.schedule.multi-step.epochs[1] must be below the training's"
                        + " 6 epochs, was 6");
    }

    @Test
    void an_exception_carries_the_parts_of_its_message() {
        SpecificationException refused = refusal(STUDY.replace("epochs: 2", "epochs: 0"));

        assertThat(refused.source()).isEqualTo("s.yaml");
        assertThat(refused.line()).isEqualTo(7);
        assertThat(refused.column()).isEqualTo(11);
        assertThat(refused.key()).isEqualTo("training.epochs");
    }

    @Test
    void two_merges_of_one_scheme_must_differ_in_a_setting() {
        String twice = STUDY.replace("evaluate", "  - { scheme: merge-many, groups: [8], stop: l2 }\nevaluate");
        String stopped = twice.replace("stop: l2", "stop: identity");

        assertThat(refusal(twice).getMessage())
                .isEqualTo(
                        "s.yaml:14:5: merge[2] must differ from merge[1], both are merge-many rounds=converged,stop=l2");
        assertThat(StudyFile.read(stopped, "s.yaml").arms().get(0).merge()).hasSize(3);
    }

    @Test
    void a_matrix_too_large_is_counted_not_laid_out() {
        String wide = STUDY.replace("count: 8", "count: 100000");
        String many = STUDY.replace("count: 8", "count: 8000") + "arms: { a: {}, b: {}, c: {}, d: {} }\n";
        String thick = STUDY.replace("count: 8", "count: 4096")
                .replace(
                        "groups: [4]",
                        "groups: " + IntStream.range(3_000, 3_400).boxed().toList());

        // 100,000 leaves, 50,000 + 25,000 + 12,500 merges of the tree, 25,000 of MergeMany
        assertThat(refusal(wide).getMessage())
                .isEqualTo(
                        "s.yaml:6:10: training.seeds must give at most 20000 networks with all merges and controls, would give 212500");
        // five arms of 8,000 + 4,000 + 2,000 + 1,000 + 2,000 networks, each made once and measured on two splits
        assertThat(refusal(many).getMessage())
                .isEqualTo("s.yaml:1:1: a study must have at most 250000 tasks, this one would have 255000");
        // 400 groups of 3,000 to 3,399, 3,584 pairs, and 8,080 networks measured on two splits
        assertThat(refusal(thick).getMessage())
                .isEqualTo(
                        "s.yaml:1:1: a study must have at most 1000000 inputs of tasks, this one would have 1303128");
    }

    @Test
    void arms_are_counted() {
        StringBuilder arms = new StringBuilder("arms:\n");
        for (int i = 0; i <= 100; i++) {
            arms.append("  a").append(i).append(": {}\n");
        }

        assertThat(refusal(STUDY + arms).getMessage())
                .isEqualTo("s.yaml:16:3: arms must name at most 100 populations, had 101");
    }
}
