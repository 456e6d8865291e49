package org.basinlab.network;

import java.nio.FloatBuffer;

/** Token 0 of every image. */
final class FirstTokenPass implements Pass {

    private final Site site;
    private final int channels;
    private final int size;
    private final float[] others;

    FirstTokenPass(Site site) {
        this.site = site;
        channels = site.to().channels();
        size = site.from().size();
        others = new float[size - channels];
    }

    @Override
    public void forward() {
        FloatBuffer source = site.inputFloats();
        FloatBuffer target = site.outputFloats();
        for (int i = 0; i < site.images(); i++) {
            target.put(i * channels, source, i * size, channels);
        }
    }

    @Override
    public void backward() {
        FloatBuffer source = site.inputGradientFloats();
        FloatBuffer target = site.outputGradientFloats();
        for (int i = 0; i < site.images(); i++) {
            source.put(i * size, target, i * channels, channels);
            source.put(i * size + channels, others);
        }
    }
}
