package org.basinlab.network;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/** A vector of all values of an image, channel after channel. */
final class FlattenPass implements Pass {

    private final Kernel forward;
    private final List<Kernel> backward = new ArrayList<>();

    FlattenPass(Site site) {
        memory.desc source = OneDnn.images(site.images(), site.from());
        memory.desc target = OneDnn.channelMajor(site.images(), site.from());
        forward = site.reorder(site.input(source), site.output(target));
        if (site.passesBack()) {
            backward.add(site.reorder(site.outputGradient(target), site.inputGradient(source)));
        }
    }

    @Override
    public void forward() {
        forward.run();
    }

    @Override
    public void backward() {
        backward.forEach(Kernel::run);
    }
}
