package org.basinlab.dataset;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The archive as its author published it; read in one pass, nothing is unpacked on disk. */
record CifarArchive(Path path, CifarLayout layout) implements Source {

    private static final int BUFFER = 1 << 16;

    /** What headers, other small files and padding may take up beside the records of a small archive. */
    private static final int FRAME = 1 << 20;

    /** What an archive lacks is known only after it was read to its end. */
    @Override
    public Optional<String> lacks() {
        return Optional.empty();
    }

    @Override
    public long bytes() {
        return DataFile.bytes(path);
    }

    @Override
    public Records read() {
        Records records = layout.records();
        List<String> names = layout.files().stream().map(DataFile::name).toList();
        Set<String> missing = new TreeSet<>(names);
        try (InputStream file = Files.newInputStream(path);
                InputStream unpacked = new BufferedInputStream(bounded(new GZIPInputStream(file, BUFFER)), BUFFER);
                TarArchiveInputStream entries = new TarArchiveInputStream(unpacked)) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (missing.remove(name)) {
                    read(names.indexOf(name), entry.getSize(), entries, records);
                }
            }
            // The checksum of the compressed stream stands at its very end.
            unpacked.transferTo(OutputStream.nullOutputStream());
        } catch (EOFException e) {
            String before = missing.isEmpty() ? "" : " before " + String.join(", ", missing);
            throw new DatasetException(
                    "%s must be a whole archive: its compressed stream breaks off%s".formatted(path, before), e);
        } catch (IOException e) {
            throw WholeFile.unreadable(path.toString(), e);
        }
        if (!missing.isEmpty()) {
            throw new DatasetException(
                    "%s must hold %s: missing %s".formatted(path, layout.everyFile(), String.join(", ", missing)));
        }
        return records;
    }

    /** A stream of a few megabytes can hold any number of bytes: one that has far more than its files is none of ours. */
    private InputStream bounded(InputStream unpacked) {
        long known = layout.files().stream()
                .mapToLong(data -> (long) data.images() * layout.record())
                .sum();
        long most = known + known / 5 + FRAME;
        return new FilterInputStream(unpacked) {
            private long taken;

            @Override
            public int read() throws IOException {
                int one = in.read();
                count(one < 0 ? 0 : 1);
                return one;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = in.read(bytes, offset, length);
                count(Math.max(read, 0));
                return read;
            }

            @Override
            public long skip(long bytes) throws IOException {
                // In small steps: what is skipped is unpacked all the same.
                long skipped = in.skip(Math.min(bytes, BUFFER));
                count(skipped);
                return skipped;
            }

            private void count(long bytes) {
                taken += bytes;
                if (taken > most) {
                    throw new DatasetException(
                            "%s must unpack to about %,d bytes, has more than %,d".formatted(path, known, most));
                }
            }
        };
    }

    private void read(int index, long size, InputStream entries, Records records) {
        String where = "%s in %s".formatted(layout.files().get(index).name(), path);
        BatchReader reader = new BatchReader(layout, index, where);
        reader.requireSize(size);
        reader.read(() -> leftOpen(entries), records);
    }

    /** The reader closes what it opened; here the stream goes on with the next entry. */
    private static InputStream leftOpen(InputStream entries) {
        return new FilterInputStream(entries) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return in.read(bytes, offset, length);
            }

            @Override
            public void close() {
                // The archive closes it.
            }
        };
    }
}
