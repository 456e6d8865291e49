package org.basinlab.ledger;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Rows of the queries of claims, as the values that they stand for. */
final class UnitRows {

    private UnitRows() {}

    static UnitTable.Unit unit(ResultSet row) throws SQLException {
        return new UnitTable.Unit(
                text(row, "unit"),
                number(row, "value"),
                hasColumn(row, "other") ? number(row, "other") : OptionalDouble.empty(),
                text(row, "status"));
    }

    static ImageTerm term(ResultSet row) throws SQLException {
        int images = row.getInt("images");
        String correct = text(row, "correct");
        @Nullable String of = row.getString("of");
        @Nullable Array distances = row.getArray("distances");
        return new ImageTerm(
                text(row, "unit"),
                row.getBoolean("other"),
                row.getInt("term"),
                row.getBoolean("absolute"),
                row.getDouble("sign"),
                row.getDouble("weight"),
                images,
                bits(correct, images),
                of == null ? Optional.empty() : Optional.of(bits(of, images)),
                distances == null ? Optional.empty() : Optional.of(floats(distances, images)));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            throw new SQLException("column %s must not be NULL".formatted(column));
        }
        return text;
    }

    private static OptionalDouble number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static boolean hasColumn(ResultSet row, String column) throws SQLException {
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            if (row.getMetaData().getColumnLabel(i).equals(column)) {
                return true;
            }
        }
        return false;
    }

    /** PostgreSQL's text of a bit string, the first image leftmost. */
    private static BitSet bits(String text, int images) throws SQLException {
        if (text.length() != images) {
            throw new SQLException("%d images must have as many bits, had %d".formatted(images, text.length()));
        }
        BitSet bits = new BitSet(images);
        for (int i = 0; i < images; i++) {
            bits.set(i, text.charAt(i) == '1');
        }
        return bits;
    }

    private static float[] floats(Array array, int images) throws SQLException {
        if (!(array.getArray() instanceof Float[] boxed)) {
            throw new SQLException("distances must be real numbers, were " + array.getBaseTypeName());
        }
        if (boxed.length != images) {
            throw new SQLException("%d images must have as many distances, had %d".formatted(images, boxed.length));
        }
        float[] floats = new float[images];
        for (int i = 0; i < images; i++) {
            @Nullable Float distance = boxed[i];
            if (distance == null) {
                throw new SQLException(
                        "%d images must each have a distance, that of image %d is NULL (NaN says unknown)"
                                .formatted(images, i));
            }
            floats[i] = distance;
        }
        return floats;
    }
}
