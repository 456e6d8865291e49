package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.TensorNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesFileTest {

    @Test
    void all_that_can_be_said_is_read() {
        TensorNames names = NamesFile.read("""
                names:
                  backbone.stem.weight: conv1.weight
                  "backbone.stage1.*": "layer1.*"
                network: { resnet20: { width: 2, shortcut: 1 } }
                norm: group
                image: [3, 32, 32]
                """, "n.yaml");

        assertThat(names.ours("backbone.stem.weight")).contains("conv1.weight");
        assertThat(names.ours("backbone.stage1.0.conv1.weight")).contains("layer1.0.conv1.weight");
        assertThat(names.ours("head.weight")).isEmpty();
        assertThat(names.norm()).contains(Norm.GROUP);
        assertThat(names.image()).contains(new Extent(3, 32, 32));
        assertThat(names.network().orElseThrow().of(new Extent(3, 32, 32), 10))
                .isEqualTo(new ResNet20(new Extent(3, 32, 32), 2, Norm.LAYER, 1, 10));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: {}              | n.yaml:1:1: name is not known (did you mean names?); a names file has the keys names, network, norm, image
            names: [a]            | must be a mapping
            names: { a: 3 }       | n.yaml:1:13: names.a must be a text, was 3
            'names: { "a*": b }'  | names.a* must have one * where the name before it has one, and none else, was 'b'
            norm: instance        | n.yaml:1:7: norm must be none, layer, group or batch, was 'instance'
            image: [3, 32]        | n.yaml:1:8: image must have 3 numbers, channels, height and width, had 2
            3                     | n.yaml:1:1: a names file must be a mapping, was 3
            """)
    void what_cannot_be_taken_is_refused_in_its_line(String text, String message) {
        assertThatThrownBy(() -> NamesFile.read(text, "n.yaml"))
                .isInstanceOf(SpecificationException.class)
                .hasMessageContaining(message);
    }
}
