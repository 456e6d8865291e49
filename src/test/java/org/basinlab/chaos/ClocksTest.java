package org.basinlab.chaos;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Clocks of workers and servers may be wrong by any time: nothing of ours asks them what time it is, but for
 * ClockWatch, which compares them with the database's.
 */
class ClocksTest {

    @Test
    void no_class_asks_this_machine_what_time_it_is() {
        var main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.basinlab");
        ArchRuleDefinition.noClasses()
                .that()
                .doNotHaveSimpleName("ClockWatch")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .check(main);
        ArchRuleDefinition.noClasses().should().callConstructor(Date.class).check(main);
        for (Class<?> kind : List.of(
                LocalDate.class, LocalTime.class, LocalDateTime.class, OffsetDateTime.class, ZonedDateTime.class)) {
            ArchRuleDefinition.noClasses().should().callMethod(kind, "now").check(main);
        }
        for (String clock : List.of("systemUTC", "systemDefaultZone")) {
            ArchRuleDefinition.noClasses()
                    .should()
                    .callMethod(Clock.class, clock)
                    .check(main);
        }
        // Instant.now is held by HouseRulesTest.
    }
}
