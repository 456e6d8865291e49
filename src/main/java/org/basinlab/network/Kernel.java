package org.basinlab.network;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;

/** One primitive of oneDNN with its operands. */
final class Kernel implements Runnable {

    private final primitive function;
    private final IntMemoryMap operands;
    private final stream queue = OneDnn.library().queue();

    Kernel(Natives natives, primitive function) {
        this.function = natives.own(function);
        operands = natives.own(new IntMemoryMap());
    }

    /** Sets an operand, by oneDNN's number of its part. */
    Kernel with(int part, memory operand) {
        operands.put(part, operand);
        return this;
    }

    @Override
    public void run() {
        function.execute(queue, operands);
    }
}
