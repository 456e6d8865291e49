package org.basinlab.dataset;

/** Normalises and does nothing else. */
final class PlainPainter implements Painter {

    private final float[][] tables;

    /** @param tables what each level becomes, {@code [channels][256]} */
    PlainPainter(float[][] tables) {
        this.tables = tables;
    }

    @Override
    public void paint(int image, byte[] levels, int start, float[] row) {
        int plane = row.length / tables.length;
        for (int channel = 0; channel < tables.length; channel++) {
            look(tables[channel], levels, start + channel * plane, row, channel * plane, plane);
        }
    }

    /** Apart from the loop over channels so that the compiler sees one tight loop. */
    static void look(float[] table, byte[] levels, int from, float[] row, int to, int count) {
        for (int i = 0; i < count; i++) {
            row[to + i] = table[levels[from + i] & 0xFF];
        }
    }
}
