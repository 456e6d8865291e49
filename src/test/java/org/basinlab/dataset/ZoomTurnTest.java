package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class ZoomTurnTest {

    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final ZoomTurn NOTHING = new ZoomTurn(1, 0, 0, false, 0);

    /** Two channels: levels in [0, 1], and levels normalised so that black is not 0. */
    private static final float[][] TABLES = tables();

    private static float[][] tables() {
        float[][] tables = new float[2][256];
        for (int level = 0; level < 256; level++) {
            tables[0][level] = level / 255f;
            tables[1][level] = (level / 255f - 0.5f) / 0.25f;
        }
        return tables;
    }

    private static byte[] noise() {
        byte[] levels = new byte[2 * PLANE];
        Seeds.generator(4).nextBytes(levels);
        return levels;
    }

    /** Both channels white where the picture is. */
    private static byte[] white(int top, int bottom, int left, int right) {
        byte[] levels = new byte[2 * PLANE];
        for (int i = 0; i < levels.length; i++) {
            int y = i % PLANE / SIDE;
            int x = i % SIDE;
            levels[i] = (byte) (y >= top && y <= bottom && x >= left && x <= right ? 255 : 0);
        }
        return levels;
    }

    private static float[] painted(ZoomTurn how, byte[] levels) {
        float[] row = new float[2 * PLANE];
        new AffinePainter(TABLES, SIDE, SIDE, image -> how.map(SIDE, SIDE)).paint(0, levels, 0, row);
        return row;
    }

    private static float[] plain(byte[] levels) {
        float[] row = new float[2 * PLANE];
        new PlainPainter(TABLES).paint(0, levels, 0, row);
        return row;
    }

    private static byte[] levels(float[] row) {
        byte[] levels = new byte[row.length];
        for (int i = 0; i < PLANE; i++) {
            levels[i] = (byte) Math.round(row[i] * 255);
            levels[PLANE + i] = (byte) Math.round((row[PLANE + i] * 0.25f + 0.5f) * 255);
        }
        return levels;
    }

    private static double sum(float[] row) {
        return IntStream.range(0, PLANE).mapToDouble(i -> row[i]).sum();
    }

    /** In float64: each step undone by itself, from the last to the first, then a weighted mean of four pixels. */
    private static double byTheBook(ZoomTurn how, byte[] levels, int y, int x) {
        double turned = Math.toRadians(how.degrees());
        double fromMiddleY = y - 15.5;
        double fromMiddleX = x - 15.5;
        double row = Math.sin(turned) * fromMiddleX + Math.cos(turned) * fromMiddleY;
        double column = Math.cos(turned) * fromMiddleX - Math.sin(turned) * fromMiddleY;
        column = how.mirrored() ? -column : column;
        row = (row + how.down()) / how.zoom() + 15.5;
        column = (column + how.right()) / how.zoom() + 15.5;
        double sum = 0;
        for (int aboveOrBelow = 0; aboveOrBelow < 2; aboveOrBelow++) {
            for (int leftOrRight = 0; leftOrRight < 2; leftOrRight++) {
                int atY = (int) Math.floor(row) + aboveOrBelow;
                int atX = (int) Math.floor(column) + leftOrRight;
                boolean inside = atY >= 0 && atY < SIDE && atX >= 0 && atX < SIDE;
                double weight = (1 - Math.abs(row - atY)) * (1 - Math.abs(column - atX));
                sum += weight * (inside ? (levels[atY * SIDE + atX] & 0xFF) / 255.0 : 0);
            }
        }
        return sum;
    }

    @Test
    void an_image_that_nothing_is_done_to_keeps_every_bit() {
        byte[] levels = noise();

        assertThat(painted(NOTHING, levels)).isEqualTo(plain(levels));
    }

    @Test
    void a_mirrored_image_has_its_columns_turned_round_and_mirrored_again_is_itself() {
        byte[] levels = noise();
        ZoomTurn mirror = new ZoomTurn(1, 0, 0, true, 0);

        float[] once = painted(mirror, levels);
        float[] twice = painted(mirror, levels(once));

        float[] plain = plain(levels);
        for (int i = 0; i < once.length; i++) {
            assertThat(once[i]).isEqualTo(plain[i - i % SIDE + SIDE - 1 - i % SIDE]);
        }
        assertThat(twice).isEqualTo(plain);
    }

    @Test
    void drawn_maps_agree_with_steps_undone_one_by_one_in_float64() {
        byte[] levels = noise();
        for (int draw = 0; draw < 200; draw++) {
            ZoomTurn how = ZoomTurn.draw(SIDE, SIDE, SplitMix.of(5, draw));

            float[] row = painted(how, levels);

            for (int i = 0; i < PLANE; i++) {
                // a place is known to 2⁻¹⁸ of a pixel, and neighbours differ by 1 at most, twice
                assertThat((double) row[i]).isCloseTo(byTheBook(how, levels, i / SIDE, i % SIDE), within(2e-5));
            }
        }
    }

    @Test
    void what_was_right_is_on_top_after_a_quarter_turn() {
        byte[] levels = noise();

        float[] turned = painted(new ZoomTurn(1, 0, 0, false, 90), levels);

        float[] plain = plain(levels);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                assertThat(turned[y * SIDE + x]).isCloseTo(plain[x * SIDE + SIDE - 1 - y], within(1e-4f));
            }
        }
    }

    @Test
    void a_level_bar_that_is_turned_by_30_degrees_rises_by_30_degrees() {
        byte[] bar = white(15, 16, 5, 26);

        assertThat(slope(painted(NOTHING, bar))).isCloseTo(0, within(1e-6));
        assertThat(slope(painted(new ZoomTurn(1, 0, 0, false, 30), bar))).isCloseTo(30, within(0.2));
        assertThat(slope(painted(new ZoomTurn(1.2, 0, 0, true, -17), bar))).isCloseTo(-17, within(0.2));
    }

    /** Of the axis of least inertia, in degrees, upwards to the right. */
    private static double slope(float[] row) {
        double across = 0;
        double alongX = 0;
        double alongY = 0;
        for (int i = 0; i < PLANE; i++) {
            int y = i / SIDE;
            double right = i % SIDE - 15.5;
            double up = 15.5 - y;
            across += row[i] * right * up;
            alongX += row[i] * right * right;
            alongY += row[i] * up * up;
        }
        return Math.toDegrees(Math.atan2(2 * across, alongX - alongY)) / 2;
    }

    @Test
    void an_area_grows_with_the_square_of_the_zoom() {
        byte[] square = white(10, 21, 10, 21);

        for (double zoom : new double[] {0.8, 1, 1.1, 1.2}) {
            assertThat(sum(painted(new ZoomTurn(zoom, 0, 0, false, 0), square)))
                    .isCloseTo(
                            144 * zoom * zoom, within(0.04 * 144 * zoom * zoom)); // its hard edge is sampled at points
        }
    }

    @Test
    void a_frame_that_lies_to_the_right_and_below_shows_black_there() {
        ZoomTurn shrunk = new ZoomTurn(0.8, 3.2, 3.2, false, 0);

        float[] row = painted(shrunk, white(0, 31, 0, 31));

        // the image ends 6.4 pixels before the frame, and its last half pixel fades
        for (int i = 0; i < PLANE; i++) {
            boolean outside = i / SIDE > 26 || i % SIDE > 26;
            boolean inside = i / SIDE < 25 && i % SIDE < 25 && i / SIDE > 0 && i % SIDE > 0;
            if (outside) {
                assertThat(row[i]).isZero();
                assertThat(row[PLANE + i]).isEqualTo(-2); // black as the second channel normalises it
            } else if (inside) {
                assertThat(row[i]).isEqualTo(1);
                assertThat(row[PLANE + i]).isEqualTo(2);
            }
        }
        assertThat(sum(row)).isCloseTo(25.6 * 25.6, within(20.0));
    }

    @Test
    void what_is_drawn_is_spread_as_documented() {
        int draws = 40_000;
        ZoomTurn[] drawn = IntStream.range(0, draws)
                .mapToObj(image -> ZoomTurn.draw(SIDE, SIDE, SplitMix.of(11, image)))
                .toArray(ZoomTurn[]::new);

        double logRange = Math.log(1.2) - Math.log(0.8);
        requireEven(drawn, how -> (Math.log(how.zoom()) - Math.log(0.8)) / logRange);
        requireEven(drawn, how -> (how.degrees() + 30) / 60);
        requireEven(drawn, how -> 0.5 + how.down() / (SIDE * Math.abs(how.zoom() - 1)));
        requireEven(drawn, how -> 0.5 + how.right() / (SIDE * Math.abs(how.zoom() - 1)));
        long mirrored =
                IntStream.range(0, draws).filter(i -> drawn[i].mirrored()).count();
        assertThat(mirrored).isBetween(19_500L, 20_500L); // 5 standard deviations
    }

    /** Each tenth of [0, 1] holds a tenth of the values: 4,000, with a standard deviation of 60. */
    private static void requireEven(ZoomTurn[] drawn, ToDoubleFunction<ZoomTurn> value) {
        int[] tenths = new int[10];
        for (ZoomTurn how : drawn) {
            double at = value.applyAsDouble(how);
            assertThat(at).isBetween(-1e-9, 1 + 1e-9);
            tenths[(int) Math.max(0, Math.min(9, at * 10))]++;
        }
        assertThat(IntStream.of(tenths)).allSatisfy(times -> assertThat(times).isBetween(3_700, 4_300));
    }
}
