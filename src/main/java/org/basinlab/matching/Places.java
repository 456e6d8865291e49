package org.basinlab.matching;

import java.util.Arrays;

/** Where vectors of units differ. */
final class Places {

    private Places() {}

    /** Places where the two differ, rising. */
    static int[] differing(int[] before, int[] now) {
        int[] places = new int[before.length];
        int count = 0;
        if (before != now) {
            for (int i = 0; i < before.length; i++) {
                if (before[i] != now[i]) {
                    places[count++] = i;
                }
            }
        }
        return Arrays.copyOf(places, count);
    }

    /** Places where any network but {@code self} differs, rising. */
    static int[] differing(int[][] before, int[][] now, int self) {
        boolean[] differs = new boolean[now[0].length];
        int count = 0;
        for (int network = 0; network < now.length; network++) {
            if (network == self || before[network] == now[network]) {
                continue;
            }
            for (int i = 0; i < differs.length; i++) {
                if (!differs[i] && before[network][i] != now[network][i]) {
                    differs[i] = true;
                    count++;
                }
            }
        }
        int[] places = new int[count];
        int next = 0;
        for (int i = 0; i < differs.length && next < count; i++) {
            if (differs[i]) {
                places[next++] = i;
            }
        }
        return places;
    }
}
