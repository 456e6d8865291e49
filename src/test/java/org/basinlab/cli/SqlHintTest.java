package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.basinlab.ledger.Reports;
import org.junit.jupiter.api.Test;

class SqlHintTest {

    @Test
    void the_statement_of_the_reports_is_printed_on_one_line_that_a_shell_takes_between_double_quotes() {
        UUID study = new UUID(1, 2);

        String query = SqlHint.query(study);

        assertThat(query).doesNotContain("\n", "\"", "$", "`", "  ").contains(study.toString());
        assertThat(query.split(" "))
                .containsExactly(Reports.tableStatement(study).split("\\s+"));
    }
}
