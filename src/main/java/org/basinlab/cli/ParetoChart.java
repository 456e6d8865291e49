package org.basinlab.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Accuracy against robustness as SVG text, a disc for each kind of network, larger where more matchings made it, filled where
 * it is on the front. Without script, style sheet or font of its own. One arm, the first.
 */
record ParetoChart(String title, ParetoFront front) {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    private static final int LEFT = 90;
    private static final int RIGHT = 700;
    private static final int TOP = 60;
    private static final int BOTTOM = 490;
    private static final int TICKS = 5;

    /** The whole file. */
    String svg() {
        List<ParetoFront.Point> points = front.points().stream()
                .filter(point -> point.arm().equals(front.points().get(0).arm()))
                .toList();
        Axis across =
                Axis.of(points.stream().mapToDouble(ParetoFront.Point::accuracy).toArray(), LEFT, RIGHT);
        Axis up = Axis.of(
                points.stream().mapToDouble(ParetoFront.Point::robustness).toArray(), BOTTOM, TOP);
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
        svg.append(" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>%s</title>\n"
                .formatted(escaped(title)));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(svg, 20, 28, "start", 17, title);
        for (int tick = 0; tick <= TICKS; tick++) {
            double x = LEFT + tick * (RIGHT - LEFT) / (double) TICKS;
            double y = BOTTOM + tick * (TOP - BOTTOM) / (double) TICKS;
            line(svg, x, TOP, x, BOTTOM);
            line(svg, LEFT, y, RIGHT, y);
            text(svg, x, BOTTOM + 18, "middle", 12, number(across.value(x)));
            text(svg, LEFT - 8, y + 4, "end", 12, number(up.value(y)));
        }
        text(svg, (LEFT + RIGHT) / 2.0, BOTTOM + 42, "middle", 13, "accuracy on test images");
        text(svg, LEFT, TOP - 10, "start", 13, front.robustness().label());
        for (ParetoFront.Point point : points) {
            disc(svg, point, across.pixel(point.accuracy()), up.pixel(point.robustness()));
        }
        text(
                svg,
                20,
                HEIGHT - 8,
                "start",
                12,
                "Filled: no other is as good in accuracy, robustness and matchings and better in one. Larger: more"
                        + " matchings. Data: basinlab study ID --pareto --json");
        return svg.append("</svg>\n").toString();
    }

    /** From values to pixels, with a little room on both sides. */
    private record Axis(double least, double most, int from, int to) {

        static Axis of(double[] values, int from, int to) {
            double least = Arrays.stream(values).min().orElse(0);
            double most = Arrays.stream(values).max().orElse(1);
            double room = most > least ? (most - least) * 0.08 : Math.max(1e-3, Math.abs(most) * 0.08);
            return new Axis(least - room, most + room, from, to);
        }

        double pixel(double value) {
            return from + (value - least) / (most - least) * (to - from);
        }

        double value(double pixel) {
            return least + (pixel - from) / (to - from) * (most - least);
        }
    }

    private static void disc(StringBuilder svg, ParetoFront.Point point, double x, double y) {
        double radius = 4 + 2 * Math.log1p(point.matchings());
        svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" stroke=\"#1f5fa8\" stroke-width=\"2\"/>\n",
                x,
                y,
                radius,
                point.best() ? "#1f5fa8" : "#ffffff"));
        text(svg, x + radius + 4, y + 4, "start", 11, point.label());
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, int size, String content) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">%s</text>\n",
                x,
                y,
                anchor,
                size,
                escaped(content)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
