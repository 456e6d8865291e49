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
                InputStream unpacked = new BufferedInputStream(new GZIPInputStream(file, BUFFER), BUFFER);
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
