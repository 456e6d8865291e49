package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.LedgerFixture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class AuditCommandTest {

    @Inject
    LedgerFixture ledger;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    @ConfigProperty(name = "quarkus.datasource.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.password")
    String password;

    @Test
    void of_a_probe_there_is_nothing_to_audit() throws IOException {
        String study = ledger.submitProbe(8801, "{ shape: wide, tasks: 2 }").toString();
        String database = "%s?user=%s&password=%s".formatted(url, user, password);

        Called told = Called.with("audit", study, "--database", database);
        Called document = Called.with("audit", study, "--json", "--database", database);

        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.out()).isEqualToIgnoringNewLines("a probe computes nothing, there is nothing to audit\n");
        assertThat(new ObjectMapper().readTree(document.out()).get("tasks").asInt(-1))
                .isZero();
    }
}
