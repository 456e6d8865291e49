package org.basinlab.assignment;

import java.util.Arrays;

/**
 * The algorithm of Jonker and Volgenant on flat matrices of finite costs, one after another.
 *
 * <p>A price per column is kept such that every paired row finds its own column among the cheapest, cost minus price.
 * Three cheap phases pair most rows: every column starts at its least cost; a row that is paired once hands its slack to
 * its column's price; a free row bids for its cheapest column, twice around. Each row that is still free is then paired
 * along the shortest alternating path (Dijkstra on reduced costs), O(n²) each, after which prices are adjusted.
 *
 * <p>Prices and pairing of one matrix are a start for the next: any prices will do as long as every row that is paired
 * finds its column among the cheapest, so that only rows for which this no longer holds are free.
 */
final class ShortestAugmentingPaths {

    private static final int NONE = -1;
    private static final int BIDDING_ROUNDS = 2;

    /**
     * Bids of a round, a free row on average. Bidding is cheaper than a shortest path at first, and dearer when two rows go
     * on outbidding each other by little: from uniform random matrices of 2,048 rows to the gains of trained networks, 8
     * to 24 bids were the fastest, in half to a third of the time of bidding to the end.
     */
    private static final int BIDS_OF_ROW = 10;

    private final int n;
    private double[] cost;
    private final double[] price;
    private final int[] columnOfRow;
    private final int[] rowOfColumn;
    private final int[] free;
    private int freeCount;
    /** What the last look at a row found. */
    private int cheapest;

    private int second;

    private final double[] distance;
    private final int[] rowBefore;
    /** Columns: those whose distance is final, those at the least distance, the others, in this order. */
    private final int[] columns;

    ShortestAugmentingPaths(int n) {
        this.n = n;
        cost = new double[0];
        price = new double[n];
        columnOfRow = new int[n];
        rowOfColumn = new int[n];
        free = new int[n];
        distance = new double[n];
        rowBefore = new int[n];
        columns = new int[n];
    }

    /**
     * Solves from nothing.
     *
     * @param matrix row-major {@code [n·n]}, read until this returns
     * @return the column of every row, the solver's own
     */
    int[] solve(double[] matrix) {
        cost = matrix;
        Arrays.fill(columnOfRow, NONE);
        Arrays.fill(rowOfColumn, NONE);
        freeCount = 0;
        if (n > 0) {
            int[] timesChosen = reduceColumns();
            transferReduction(timesChosen);
            pairFreeRows();
        }
        return columnOfRow;
    }

    /**
     * Solves from the prices and the pairing of the last matrix.
     *
     * @param matrix row-major {@code [n·n]}, read until this returns
     * @return the column of every row, the solver's own
     */
    int[] solveAgain(double[] matrix) {
        cost = matrix;
        freeCount = 0;
        for (int row = 0; row < n; row++) {
            int own = columnOfRow[row];
            if (hasCheaperThan(row, reduced(row, own))) {
                free[freeCount++] = row;
                columnOfRow[row] = NONE;
                rowOfColumn[own] = NONE;
            }
        }
        pairFreeRows();
        return columnOfRow;
    }

    double largestPrice() {
        double largest = 0;
        for (double value : price) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private boolean hasCheaperThan(int row, double limit) {
        int start = row * n;
        for (int column = 0; column < n; column++) {
            if (cost[start + column] - price[column] < limit) {
                return true;
            }
        }
        return false;
    }

    private void pairFreeRows() {
        for (int round = 0; round < BIDDING_ROUNDS && freeCount > 0; round++) {
            bid();
        }
        for (int k = 0; k < freeCount; k++) {
            augment(free[k]);
        }
    }

    /** Sets each price to the column's least cost; a row takes the last column that is cheapest in it. */
    private int[] reduceColumns() {
        int[] cheapestRow = new int[n];
        System.arraycopy(cost, 0, price, 0, n);
        for (int row = 1; row < n; row++) {
            int start = row * n;
            for (int column = 0; column < n; column++) {
                if (cost[start + column] < price[column]) {
                    price[column] = cost[start + column];
                    cheapestRow[column] = row;
                }
            }
        }
        int[] timesChosen = new int[n];
        for (int column = n - 1; column >= 0; column--) {
            int row = cheapestRow[column];
            timesChosen[row]++;
            if (timesChosen[row] == 1) {
                pair(row, column);
            }
        }
        return timesChosen;
    }

    private void transferReduction(int[] timesChosen) {
        for (int row = 0; row < n; row++) {
            if (timesChosen[row] == 0) {
                free[freeCount++] = row;
            } else if (timesChosen[row] == 1 && n > 1) {
                int own = columnOfRow[row];
                int start = row * n;
                double least = Double.POSITIVE_INFINITY;
                for (int column = 0; column < n; column++) {
                    if (column != own) {
                        least = Math.min(least, cost[start + column] - price[column]);
                    }
                }
                price[own] -= least;
            }
        }
    }

    /**
     * Every free row takes its cheapest column, lowers its price by the lead over the second, and may turn out another
     * row, which bids at once. The number of bids is bounded; a lead that rounding swallows lowers nothing.
     */
    private void bid() {
        int before = freeCount;
        freeCount = 0;
        long bids = 0;
        int k = 0;
        while (k < before) {
            int row = free[k++];
            findCheapestTwo(row);
            int first = cheapest;
            double lead = n > 1 ? reduced(row, second) - reduced(row, first) : 0;
            double lowered = price[first] - lead;
            boolean lowers = lowered < price[first];
            boolean mayChase = bids++ < (long) k * BIDS_OF_ROW;
            int chosen = first;
            if (mayChase && lowers) {
                price[first] = lowered;
            } else if (mayChase && rowOfColumn[first] != NONE) {
                chosen = second;
            }
            int turnedOut = rowOfColumn[chosen];
            pair(row, chosen);
            if (turnedOut != NONE && mayChase && lowers) {
                free[--k] = turnedOut;
            } else if (turnedOut != NONE) {
                free[freeCount++] = turnedOut;
            }
        }
    }

    private void findCheapestTwo(int row) {
        int start = row * n;
        int first = NONE;
        int next = NONE;
        double least = Double.POSITIVE_INFINITY;
        double nextLeast = Double.POSITIVE_INFINITY;
        for (int column = 0; column < n; column++) {
            double reduced = cost[start + column] - price[column];
            if (reduced < nextLeast) {
                if (reduced < least) {
                    nextLeast = least;
                    next = first;
                    least = reduced;
                    first = column;
                } else {
                    nextLeast = reduced;
                    next = column;
                }
            }
        }
        cheapest = first;
        second = next;
    }

    private double reduced(int row, int column) {
        return cost[row * n + column] - price[column];
    }

    private void pair(int row, int column) {
        columnOfRow[row] = column;
        rowOfColumn[column] = row;
    }

    /** Pairs {@code start} along the shortest alternating path to a free column. */
    private void augment(int start) {
        for (int column = 0; column < n; column++) {
            distance[column] = reduced(start, column);
            rowBefore[column] = start;
            columns[column] = column;
        }
        int scanned = 0;
        int reached = 0;
        int settled = 0;
        double least = 0;
        int end = NONE;
        while (end == NONE) {
            if (scanned == reached) {
                settled = scanned;
                reached = gatherNearest(reached);
                least = distance[columns[scanned]];
                end = freeAmong(scanned, reached);
            }
            if (end == NONE) {
                reached = relax(columns[scanned++], least, reached);
                if (reached < 0) {
                    end = columns[~reached];
                }
            }
        }
        for (int k = 0; k < settled; k++) {
            price[columns[k]] += distance[columns[k]] - least;
        }
        flip(start, end);
    }

    /** Moves the columns at the least distance to the front of those not reached; answers where they end. */
    private int gatherNearest(int from) {
        int reached = from + 1;
        double least = distance[columns[from]];
        for (int k = reached; k < n; k++) {
            int column = columns[k];
            if (distance[column] <= least) {
                if (distance[column] < least) {
                    reached = from;
                    least = distance[column];
                }
                columns[k] = columns[reached];
                columns[reached++] = column;
            }
        }
        return reached;
    }

    private int freeAmong(int from, int to) {
        for (int k = from; k < to; k++) {
            if (rowOfColumn[columns[k]] == NONE) {
                return columns[k];
            }
        }
        return NONE;
    }

    /**
     * Looks for shorter ways through {@code column}'s row to the columns not reached.
     *
     * @return where the columns at the least distance end now, or {@code ~k} if {@code columns[k]} is free and as near
     */
    private int relax(int column, double least, int reached) {
        int row = rowOfColumn[column];
        int start = row * n;
        double offset = reduced(row, column) - least;
        int end = reached;
        for (int k = reached; k < n; k++) {
            int other = columns[k];
            double through = cost[start + other] - price[other] - offset;
            if (through < distance[other]) {
                distance[other] = through;
                rowBefore[other] = row;
                if (through <= least) {
                    if (rowOfColumn[other] == NONE) {
                        return ~k;
                    }
                    columns[k] = columns[end];
                    columns[end++] = other;
                }
            }
        }
        return end;
    }

    private void flip(int start, int end) {
        int column = end;
        int row;
        do {
            row = rowBefore[column];
            int left = columnOfRow[row];
            pair(row, column);
            column = left;
        } while (row != start);
    }
}
