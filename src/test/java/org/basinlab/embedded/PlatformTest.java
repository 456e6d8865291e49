package org.basinlab.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Windows 11, amd64", "Linux, aarch64"})
    void other_machines_are_pointed_to_a_database_of_their_own(String os, String architecture) {
        assertThatThrownBy(() -> Platform.require(os, architecture))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining(os)
                .hasMessageContaining(architecture)
                .hasMessageContaining("--database");
    }

    @Test
    void both_names_of_x86_64_pass() {
        assertThatCode(() -> {
                    Platform.require("Linux", "amd64");
                    Platform.require("Linux", "x86_64");
                })
                .doesNotThrowAnyException();
    }
}
