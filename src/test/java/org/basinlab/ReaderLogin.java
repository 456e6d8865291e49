package org.basinlab;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Logs in to the store of the tests as {@code basinlab_reader}, as a notebook does: with the defaults of that role's login. */
public final class ReaderLogin {

    private static final String PASSWORD = "of-a-store-that-ends-with-its-test";

    private ReaderLogin() {}

    public static Connection open() throws SQLException {
        Config config = ConfigProvider.getConfig();
        String url = config.getValue("quarkus.datasource.jdbc.url", String.class);
        try (Connection owner = DriverManager.getConnection(
                        url,
                        config.getValue("quarkus.datasource.username", String.class),
                        config.getValue("quarkus.datasource.password", String.class));
                Statement statement = owner.createStatement()) {
            statement.execute("ALTER ROLE basinlab_reader PASSWORD '%s'".formatted(PASSWORD));
        }
        return DriverManager.getConnection(url, "basinlab_reader", PASSWORD);
    }
}
