package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.RunSettings;

/** What the tasks of a study may take, as its settings say. */
@ApplicationScoped
public class TimeLimits {

    private static final String SETTINGS = """
            SELECT CAST(settings AS text)
              FROM ledger.study
             WHERE id = ?
            """;

    private final DataSource database;

    public TimeLimits(DataSource database) {
        this.database = database;
    }

    /**
     * By kind of task; empty where the study says nothing.
     *
     * @throws IllegalStateException if the store does not answer
     */
    public Map<String, RunSettings.TimeLimits> of(UUID study) {
        return settings(study)
                .map(text -> CanonicalJson.readLenient(text, RunSettings.class).limits())
                .orElse(Map.of());
    }

    private Optional<String> settings(UUID study) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(SETTINGS)) {
            statement.setObject(1, study);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }
}
