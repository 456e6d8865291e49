package org.basinlab.network;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Vit;

/** Vision transformers with timm's names, which are ours; the number of heads has to be said. */
final class VitPort implements Port {

    @Override
    public String family() {
        return "vit";
    }

    @Override
    public Class<? extends Architecture> architecture() {
        return Vit.class;
    }

    @Override
    public Map<String, String> ours(Collection<String> theirs) {
        return Port.each(theirs, UnaryOperator.identity());
    }

    @Override
    public boolean isMeant(Shapes shapes) {
        return shapes.has("cls_token") && shapes.has("patch_embed.proj.weight");
    }

    @Override
    public Architecture read(Shapes shapes) {
        List<Integer> patches = shapes.axes("patch_embed.proj.weight", 4);
        throw new SafetensorsException(
                ("must come with the number of heads of its vit, which no shape tells: name a file with"
                                + " network: { vit: { patch: %d, width: %d, depth: …, heads: … } } (--names)")
                        .formatted(patches.get(2), patches.get(0)));
    }
}
