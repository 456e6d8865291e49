package org.basinlab.dataset;

import java.security.MessageDigest;

/** Reads one file of CIFAR into its place among the records and checks its size and its labels. */
final class BatchReader {

    private final CifarLayout layout;
    private final int index;
    private final DataFile file;
    private final String where;
    private final WholeFile whole;

    /**
     * @param index of the file in {@link CifarLayout#files}
     * @param where names the file in messages
     */
    BatchReader(CifarLayout layout, int index, String where) {
        this.layout = layout;
        this.index = index;
        this.file = layout.files().get(index);
        this.where = where;
        this.whole = new WholeFile(where, 0, file.images(), layout.record());
    }

    /** Checks a size that is known before reading. */
    void requireSize(long found) {
        whole.requireSize(found);
    }

    /**
     * Reads it to its end.
     *
     * @throws DatasetException if it holds fewer or more bytes than it must, breaks off, cannot be read, or has a label
     *     that no class has
     */
    void read(WholeFile.Opening opening, Records records) {
        MessageDigest digest = file.original().digest();
        Row row = new Row(records);
        whole.read(opening, row, digest);
        row.requireLabels();
        records.original(index, file.original().is(digest.digest()));
    }

    /** Takes one record after the other: its pixels and its class go to their place, a coarse class is only looked at. */
    private final class Row implements WholeFile.Sink {

        private final byte[] record = new byte[layout.record()];
        private final byte[] into;
        private int at;
        private int next;
        private int firstWrong = -1;
        private String wrong = "";

        Row(Records records) {
            into = records.of(file.split());
            next = layout.firstImage(index) * (1 + layout.name().pixels());
        }

        @Override
        public byte[] into() {
            return record;
        }

        @Override
        public int at() {
            return at;
        }

        @Override
        public int room() {
            return record.length - at;
        }

        @Override
        public void advance(int count) {
            at += count;
            if (at == record.length) {
                check();
                int skipped = layout.labels() - 1;
                System.arraycopy(record, skipped, into, next, record.length - skipped);
                next += record.length - skipped;
                at = 0;
            }
        }

        private void check() {
            int last = layout.labels() - 1;
            if (last > 0) {
                check("coarse label", 0, layout.coarseClasses());
            }
            check("label", last, layout.name().classes());
        }

        private void check(String what, int place, int classes) {
            int label = record[place] & 0xFF;
            if (label < classes || firstWrong >= 0) {
                return;
            }
            int image = next / (1 + layout.name().pixels()) - layout.firstImage(index);
            firstWrong = image;
            wrong = "the %s of record %d (byte %d) in %s must lie in 0–%d, was %d"
                    .formatted(what, image, (long) image * record.length + place, where, classes - 1, label);
        }

        /** A file of another size is told of before its labels: they would be the least of its faults. */
        void requireLabels() {
            if (firstWrong >= 0) {
                throw new DatasetException(wrong);
            }
        }
    }
}
