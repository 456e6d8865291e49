package org.basinlab.assignment;

/**
 * A pairing of every row of a cost matrix with one column. Compared by identity of its array: no key of a map.
 *
 * @param columnOfRow {@code [n]}, a bijection of 0 … n−1
 * @param cost total of the paired entries, added in the order of the rows
 */
@SuppressWarnings("ArrayRecordComponent") // cloned in and out
public record Assignment(int[] columnOfRow, double cost) {

    public Assignment {
        columnOfRow = columnOfRow.clone();
    }

    @Override
    public int[] columnOfRow() {
        return columnOfRow.clone();
    }
}
