package org.basinlab.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class BinariesTest {

    private final Path folder;

    BinariesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void the_archive_holds_the_declared_version_and_is_unpacked_once() throws IOException {
        StoreLayout layout = StoreLayout.in(folder);
        List<String> said = new ArrayList<>();

        Binaries binaries = Binaries.in(layout, said::add);
        Binaries again = Binaries.in(layout, said::add);

        assertThat(binaries.folder().resolve("share/postgresql/postgres.bki"))
                .content()
                .startsWith("# PostgreSQL %d%n".formatted(Binaries.MAJOR));
        assertThat(binaries.program("postgres")).isExecutable();
        assertThat(binaries.folder().resolve("lib/libpq.so")).isSymbolicLink().exists();
        assertThat(again).isEqualTo(binaries);
        assertThat(said).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escaped", "a/../../escaped"})
    void an_entry_that_leads_out_is_refused(String name) throws IOException {
        byte[] archive = archiveOf(new TarArchiveEntry(name, true));
        Path target = Files.createDirectory(folder.resolve("target"));

        assertThatThrownBy(() -> Binaries.unpack(new ByteArrayInputStream(archive), target))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leads out of the folder");

        assertThat(folder.resolve("escaped")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "../..", "sub/../../.."})
    void a_symbolic_link_that_leads_out_is_refused(String link) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
        entry.setLinkName(link);
        byte[] archive = archiveOf(entry);

        assertThatThrownBy(() -> Binaries.unpack(new ByteArrayInputStream(archive), folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leads out of the folder");
    }

    @Test
    void a_device_is_refused() throws IOException {
        byte[] archive = archiveOf(new TarArchiveEntry("device", TarConstants.LF_CHR));

        assertThatThrownBy(() -> Binaries.unpack(new ByteArrayInputStream(archive), folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("neither file, folder nor symbolic link");
    }

    private static byte[] archiveOf(TarArchiveEntry entry) throws IOException {
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream archive =
                new TarArchiveOutputStream(new XZOutputStream(bytes, new LZMA2Options(0)))) {
            entry.setSize(entry.isFile() ? content.length : 0);
            archive.putArchiveEntry(entry);
            if (entry.isFile()) {
                archive.write(content);
            }
            archive.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }
}
