package org.basinlab.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which of several values share a piece of memory because they are not needed at the same time. The smallest free piece that is
 * large enough is taken, else the largest is made larger, else there is a new one.
 */
final class Slots {

    private final int[] slotOf;
    private final List<Long> sizes = new ArrayList<>();

    /**
     * Lays values out.
     *
     * @param sizes of the values; of size 0 are those that need no place
     * @param births when each is first written, any numbers
     * @param deaths when each is last read, not before its birth
     */
    Slots(long[] sizes, int[] births, int[] deaths) {
        slotOf = new int[sizes.length];
        Arrays.fill(slotOf, -1);
        Integer[] order = new Integer[sizes.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Integer.compare(births[a], births[b]));
        List<Integer> busyUntil = new ArrayList<>();
        for (int value : order) {
            if (sizes[value] == 0) {
                continue;
            }
            int slot = choose(sizes[value], births[value], busyUntil);
            if (slot < 0) {
                slot = busyUntil.size();
                busyUntil.add(deaths[value]);
                this.sizes.add(sizes[value]);
            } else {
                busyUntil.set(slot, deaths[value]);
                this.sizes.set(slot, Math.max(this.sizes.get(slot), sizes[value]));
            }
            slotOf[value] = slot;
        }
    }

    private int choose(long size, int birth, List<Integer> busyUntil) {
        int best = -1;
        for (int slot = 0; slot < busyUntil.size(); slot++) {
            if (busyUntil.get(slot) < birth && (best < 0 || isBetter(sizes.get(slot), sizes.get(best), size))) {
                best = slot;
            }
        }
        return best;
    }

    private static boolean isBetter(long candidate, long best, long wanted) {
        if (best >= wanted) {
            return candidate >= wanted && candidate < best;
        }
        return candidate > best;
    }

    /** The piece of memory of a value, counted from 0; −1 of one that needs none. */
    int slotOf(int value) {
        return slotOf[value];
    }

    /** How large every piece must be. */
    List<Long> sizes() {
        return List.copyOf(sizes);
    }
}
