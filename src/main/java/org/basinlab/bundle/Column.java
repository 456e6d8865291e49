package org.basinlab.bundle;

/**
 * One column of a table of a bundle.
 *
 * @param sql what PostgreSQL is asked for; the same name where the store's column is meant
 */
record Column(String name, Kind kind, String sql) {

    private static final int LONGEST_REAL = 16;

    /** That of a UUID. */
    private static final int LONGEST_OF_FIXED_SIZE = 36;

    /** What a column holds: in Parquet, and in the store's own types where rows are staged. */
    enum Kind {
        ID("UUID", "uuid"),
        TEXT("VARCHAR", "text"),
        /** Text that somebody wrote: a spreadsheet must not take it for a formula. */
        FREE("VARCHAR", "text"),
        JSON("VARCHAR", "jsonb"),
        INT("INTEGER", "integer"),
        LONG("BIGINT", "bigint"),
        FLAG("BOOLEAN", "boolean"),
        REAL("DOUBLE", "double precision"),
        /** Exact, six places. */
        POINT("DECIMAL(12,6)", "numeric(12,6)"),
        /** UTC, microseconds. */
        TIME("TIMESTAMP", "timestamp"),
        /** Packed eight to a byte, the first image in the highest bit of the first; hexadecimal where it is text. */
        BITS("BLOB", "text"),
        REALS("FLOAT[]", "real[]");

        private final String duck;
        private final String postgres;

        Kind(String duck, String postgres) {
            this.duck = duck;
            this.postgres = postgres;
        }

        /** As DuckDB describes it. */
        String duck() {
            return duck;
        }

        String postgres() {
            return postgres;
        }
    }

    /** As PostgreSQL writes it into the rows that DuckDB reads. */
    String exported() {
        String given = switch (kind) {
            case TIME -> "to_char(%s, 'YYYY-MM-DD HH24:MI:SS.US')".formatted(sql);
            // Four bytes of length come before the packed bits.
            case BITS -> "encode(substring(varbit_send(%s) FROM 5), 'hex')".formatted(sql);
            case REALS -> "'[' || array_to_string(%s, ',', 'NULL') || ']'".formatted(sql);
            case ID, TEXT, FREE, JSON, INT, LONG, FLAG, REAL, POINT -> sql;
        };
        return given + " AS " + name;
    }

    /** Of what DuckDB reads there. */
    String typed() {
        return kind == Kind.BITS
                ? "unhex(%1$s) AS %1$s".formatted(quoted())
                : "CAST(%1$s AS %2$s) AS %1$s".formatted(quoted(), kind.duck());
    }

    /** As DuckDB writes it for people. */
    String readable() {
        return switch (kind) {
            case FREE ->
                "CASE WHEN regexp_matches(%1$s, '^[=+\\-@\\t\\r]') THEN '''' || %1$s ELSE %1$s END AS %1$s"
                        .formatted(quoted());
            case BITS -> "lower(hex(%1$s)) AS %1$s".formatted(quoted());
            case REALS -> "array_to_string(%1$s, ' ') AS %1$s".formatted(quoted());
            case ID, TEXT, JSON, INT, LONG, FLAG, REAL, POINT, TIME -> quoted();
        };
    }

    /** As DuckDB writes it for PostgreSQL. */
    String staged() {
        return switch (kind) {
            case BITS -> "lower(hex(%1$s)) AS %1$s".formatted(quoted());
            case REALS -> "translate(CAST(%1$s AS VARCHAR), '[]', '{}') AS %1$s".formatted(quoted());
            case ID, TEXT, FREE, JSON, INT, LONG, FLAG, REAL, POINT, TIME -> quoted();
        };
    }

    /** How many bytes it takes as text, at most about. */
    String weight() {
        return switch (kind) {
            case TEXT, FREE, JSON -> "strlen(%s)".formatted(quoted());
            case BITS -> "2 * octet_length(%s)".formatted(quoted());
            case REALS -> "%d * len(%s)".formatted(LONGEST_REAL, quoted());
            case ID, INT, LONG, FLAG, REAL, POINT, TIME -> "CAST(%d AS BIGINT)".formatted(LONGEST_OF_FIXED_SIZE);
        };
    }

    /** Some are words of SQL. */
    private String quoted() {
        return '"' + name + '"';
    }
}
