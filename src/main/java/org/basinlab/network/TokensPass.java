package org.basinlab.network;

import java.nio.FloatBuffer;
import org.basinlab.recipe.Operation;

/** Positions as tokens behind a learnt one, a learnt vector added to each. */
final class TokensPass implements Pass {

    private final Site site;
    private final Operation.Tokens operation;
    private final int channels;
    private final int size;
    private final float[] image;
    private final float[] places;
    private final Columns columns;

    TokensPass(Site site, Operation.Tokens operation) {
        this.site = site;
        this.operation = operation;
        channels = site.to().channels();
        size = site.to().size();
        image = new float[size];
        places = new float[size];
        columns = new Columns(size);
    }

    @Override
    public void forward() {
        FloatBuffer source = site.inputFloats();
        FloatBuffer target = site.outputFloats();
        site.tensor(operation.places()).get(0, places);
        for (int i = 0; i < site.images(); i++) {
            site.tensor(operation.first()).get(0, image, 0, channels);
            source.get(i * (size - channels), image, channels, size - channels);
            add(image, places);
            target.put(i * size, image);
        }
    }

    private static void add(float[] values, float[] terms) {
        for (int i = 0; i < values.length; i++) {
            values[i] += terms[i];
        }
    }

    @Override
    public void backward() {
        FloatBuffer target = site.outputGradientFloats();
        if (site.learns()) {
            columns.sum(target, site.gradient(operation.places()));
            site.gradient(operation.first()).put(0, site.gradient(operation.places()), 0, channels);
        }
        if (site.passesBack()) {
            FloatBuffer source = site.inputGradientFloats();
            for (int i = 0; i < site.images(); i++) {
                source.put(i * (size - channels), target, i * size + channels, size - channels);
            }
        }
    }
}
