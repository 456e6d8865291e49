package org.basinlab.verdict;

import java.util.Arrays;

/**
 * The sums of some numbers under all choices of signs, one after the other in ascending order: those of a first part beside those of a
 * second, both sorted, by a heap with one entry for each of the first (Schroeppel and Shamir 1981).
 */
final class SignedSums {

    /** So many numbers are summed in a list, 2 MiB long; only what is beyond them goes through the heap. */
    private static final int LISTED = 18;

    private final double[] first;
    private final double[] second;

    /** For each of {@code first}, which of {@code second} comes next to it. */
    private final int[] next;

    /** A binary heap of places in {@code first}, the one with the least sum on top. */
    private final int[] heap;

    private int size;

    private SignedSums(double[] first, double[] second) {
        this.first = first;
        this.second = second;
        next = new int[first.length];
        heap = new int[first.length];
        size = first.length;
        // The first is sorted, so that the heap is in order as it is.
        Arrays.setAll(heap, i -> i);
    }

    static SignedSums of(double[] x) {
        int heaped = Math.max(0, x.length - LISTED);
        return new SignedSums(
                sorted(Arrays.copyOfRange(x, 0, heaped)), sorted(Arrays.copyOfRange(x, heaped, x.length)));
    }

    /** All sums, ascending: those with a number subtracted merged with those with it added. */
    private static double[] sorted(double[] x) {
        double[] sums = {0};
        for (double value : x) {
            double step = Math.abs(value);
            double[] next = new double[2 * sums.length];
            int high = 0;
            int low = 0;
            for (int k = 0; k < next.length; k++) {
                boolean fromLow = low < sums.length && sums[low] - step <= sums[high] + step;
                next[k] = fromLow ? sums[low++] - step : sums[high++] + step;
            }
            sums = next;
        }
        return sums;
    }

    boolean isLeft() {
        return size > 0;
    }

    /** The least of those that are left. */
    double least() {
        return sum(heap[0]);
    }

    /** Takes the least away. */
    void remove() {
        int place = heap[0];
        next[place]++;
        if (next[place] == second.length) {
            size--;
            heap[0] = heap[size];
        }
        sink();
    }

    private void sink() {
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && sum(heap[child + 1]) < sum(heap[child])) {
                child++;
            }
            if (sum(heap[at]) <= sum(heap[child])) {
                return;
            }
            int moved = heap[at];
            heap[at] = heap[child];
            heap[child] = moved;
            at = child;
        }
    }

    private double sum(int place) {
        return first[place] + second[next[place]];
    }
}
