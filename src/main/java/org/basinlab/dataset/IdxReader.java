package org.basinlab.dataset;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Reads one IDX file into its places among the records and checks its header, its size and its labels. */
final class IdxReader {

    /** Bytes, in three dimensions (images, rows, columns) or in one. */
    private static final int IMAGES = 0x0803;

    private static final int LABELS = 0x0801;

    private final IdxLayout layout;
    private final int index;
    private final DataFile file;
    private final String where;
    private final boolean images;

    /**
     * @param index of the file in {@link IdxLayout#files}
     * @param where names the file in messages
     */
    IdxReader(IdxLayout layout, int index, String where) {
        this.layout = layout;
        this.index = index;
        this.file = layout.files().get(index);
        this.where = where;
        this.images = IdxLayout.holdsImages(file);
    }

    /**
     * Reads it to its end.
     *
     * @throws DatasetException if its header is not what it must be, it holds fewer or more bytes than it must, breaks off,
     *     cannot be read, has a label that no class has, or is the published file of another data set
     */
    void read(WholeFile.Opening opening, Records records) {
        int header = Integer.BYTES * (images ? 4 : 2);
        int record = images ? layout.name().pixels() : 1;
        WholeFile whole = new WholeFile(where, header, file.images(), record);
        MessageDigest digest = file.original().digest();
        Pieces pieces = new Pieces(records.of(file.split()), header, record);
        whole.read(opening, pieces, digest);
        pieces.requireLabels();
        requireOwn(digest.digest(), records);
    }

    /** The files of several data sets have the same names, and a network would learn from any of them. */
    private void requireOwn(byte[] digest, Records records) {
        if (layout.namesake(index).is(digest)) {
            throw new DatasetException("%s must belong to %s, it is the published file of %s"
                    .formatted(where, layout.name().label(), layout.namesake().label()));
        }
        records.original(index, file.original().is(digest));
    }

    private void requireHeader(ByteBuffer header) {
        int magic = images ? IMAGES : LABELS;
        int found = header.getInt();
        if (found != magic) {
            throw new DatasetException("%s must begin with the magic number 0x%08x of %s in IDX, found 0x%08x"
                    .formatted(where, magic, images ? "images" : "labels", found));
        }
        requireSize(images ? "images" : "labels", file.images(), header.getInt());
        if (images) {
            requireSize("rows an image", layout.name().height(), header.getInt());
            requireSize("columns an image", layout.name().width(), header.getInt());
        }
    }

    private void requireSize(String what, int expected, int found) {
        if (found != expected) {
            throw new DatasetException("%s must hold %s %s, its header says %s"
                    .formatted(
                            where,
                            WholeFile.grouped(expected),
                            what,
                            WholeFile.grouped(Integer.toUnsignedLong(found))));
        }
    }

    /** Takes the header, then one label or the pixels of one image after the other. */
    private final class Pieces implements WholeFile.Sink {

        private static final int AT_A_TIME = 8_192;

        private final byte[] records;
        private final byte[] header;
        private final byte[] labels = new byte[AT_A_TIME];
        private final int record;
        private int ofHeader;
        private int image;
        private int ofImage;
        private int firstWrong = -1;

        Pieces(byte[] records, int header, int record) {
            this.records = records;
            this.header = new byte[header];
            this.record = record;
        }

        @Override
        public byte[] into() {
            if (ofHeader < header.length) {
                return header;
            }
            return images ? records : labels;
        }

        @Override
        public int at() {
            if (ofHeader < header.length) {
                return ofHeader;
            }
            return images ? start(image) + 1 + ofImage : 0;
        }

        @Override
        public int room() {
            if (ofHeader < header.length) {
                return header.length - ofHeader;
            }
            return images ? record - ofImage : labels.length;
        }

        @Override
        public void advance(int count) {
            if (ofHeader < header.length) {
                ofHeader += count;
                if (ofHeader == header.length) {
                    requireHeader(ByteBuffer.wrap(header));
                }
            } else if (images) {
                ofImage += count;
                image += ofImage / record;
                ofImage %= record;
            } else {
                place(count);
            }
        }

        private void place(int count) {
            for (int i = 0; i < count; i++, image++) {
                if ((labels[i] & 0xFF) >= layout.name().classes() && firstWrong < 0) {
                    firstWrong = image;
                }
                records[start(image)] = labels[i];
            }
        }

        private int start(int ofImage) {
            return ofImage * (1 + layout.name().pixels());
        }

        void requireLabels() {
            if (firstWrong >= 0) {
                throw new DatasetException("the label of image %d (byte %d) in %s must lie in 0–%d, was %d"
                        .formatted(
                                firstWrong,
                                header.length + firstWrong,
                                where,
                                layout.name().classes() - 1,
                                records[start(firstWrong)] & 0xFF));
            }
        }
    }
}
