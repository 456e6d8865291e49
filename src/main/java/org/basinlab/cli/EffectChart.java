package org.basinlab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.basinlab.verdict.EffectTable;
import org.basinlab.verdict.EffectTable.Effect;
import org.basinlab.verdict.EffectTable.Outcome;

/**
 * A forest plot of effects as SVG text: a panel for each outcome, in it a line for each setting with its mean and interval
 * around zero, in percentage points. Without script, style sheet or font of its own, so that it can be shown anywhere.
 *
 * @param title above all panels
 */
record EffectChart(String title, List<Panel> panels) {

    private static final int WIDTH = 960;
    private static final int LEFT = 330;
    private static final int RIGHT = 700;
    private static final int LINE = 22;
    private static final int HEAD = 52;
    private static final int FOOT = 44;
    private static final int TOP = 44;
    private static final double POINTS = 100;
    private static final double TICKS = 5;

    EffectChart {
        panels = List.copyOf(panels);
    }

    /** One outcome; {@code note} says what it is with the study's own settings. */
    record Panel(String title, String note, List<Line> lines) {
        Panel {
            lines = List.copyOf(lines);
        }

        int height() {
            return HEAD + lines.size() * LINE + FOOT;
        }

        /** How far the axis reaches to either side, a whole number of ticks. */
        double reach() {
            double most = lines.stream()
                    .mapToDouble(line -> Math.max(Math.abs(line.low), Math.abs(line.high)))
                    .max()
                    .orElse(0);
            double tick = tick(most);
            return Math.max(tick, Math.ceil(most / tick) * tick);
        }
    }

    /**
     * One setting, in percentage points.
     *
     * @param low the mean where there is no interval
     */
    record Line(String label, double mean, double low, double high, String text) {}

    static EffectChart of(String study, EffectTable table) {
        List<Panel> panels = new ArrayList<>();
        for (Outcome outcome : table.outcomes()) {
            List<Line> lines = new ArrayList<>();
            for (Effect effect : outcome.effects()) {
                effect.difference().mean().ifPresent(mean -> lines.add(line(effect, mean)));
            }
            if (!lines.isEmpty()) {
                panels.add(new Panel(
                        EffectText.title(outcome),
                        "with the study's own settings %s %s, n = %d"
                                .formatted(
                                        EffectText.points(outcome.own().mean()),
                                        EffectText.interval(outcome.own()),
                                        outcome.own().n()),
                        lines));
            }
        }
        return new EffectChart(study + ": effect of each setting on test accuracy", panels);
    }

    private static Line line(Effect effect, double mean) {
        return new Line(
                EffectText.label(effect),
                mean * POINTS,
                effect.difference().low().orElse(mean) * POINTS,
                effect.difference().high().orElse(mean) * POINTS,
                "%s %s  n = %d, %s"
                        .formatted(
                                EffectText.points(effect.difference().mean()),
                                EffectText.interval(effect.difference()),
                                effect.difference().n(),
                                effect.pairing()));
    }

    /** The whole file. */
    String svg() {
        int height = TOP + panels.stream().mapToInt(Panel::height).sum() + FOOT;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                .formatted(WIDTH, height, WIDTH, height));
        svg.append(" font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n");
        svg.append("<title>%s</title>\n".formatted(escaped(title)));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(svg, 20, 28, "start", "font-size=\"17\" font-weight=\"bold\"", title);
        int y = TOP;
        for (Panel panel : panels) {
            draw(svg, panel, y);
            y += panel.height();
        }
        text(
                svg,
                20,
                y + 12,
                "start",
                "fill=\"#555555\"",
                "Percentage points against the study's own setting; bars: 95 % intervals over groups of leaves (BCa). Data:"
                        + " basinlab study ID --effects --json");
        text(svg, 20, y + 30, "start", "fill=\"#555555\"", EffectText.FEW);
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Panel panel, int top) {
        double reach = panel.reach();
        text(svg, 20, top + 20, "start", "font-weight=\"bold\"", panel.title);
        text(svg, 20, top + 38, "start", "fill=\"#555555\"", panel.note);
        int bottom = top + HEAD + panel.lines.size() * LINE;
        double tick = tick(reach);
        for (double at = -reach; at <= reach + tick / 2; at += tick) {
            double x = x(at, reach);
            boolean zero = Math.abs(at) < tick / 2;
            rule(svg, x, top + HEAD, x, bottom, zero ? "#333333" : "#dddddd", 1);
            text(svg, x, bottom + 16, "middle", "fill=\"#555555\"", zero ? "0" : number(at));
        }
        int y = top + HEAD + LINE / 2;
        for (Line line : panel.lines) {
            text(svg, LEFT - 14, y + 4, "end", "", line.label);
            rule(svg, x(line.low, reach), y, x(line.high, reach), y, "#1f5fa8", 3);
            svg.append("<circle cx=\"%s\" cy=\"%d\" r=\"5\" fill=\"#1f5fa8\"/>\n"
                    .formatted(pixel(x(line.mean, reach)), y));
            text(svg, RIGHT + 14, y + 4, "start", "fill=\"#333333\" font-size=\"12\"", line.text);
            y += LINE;
        }
    }

    private static double x(double value, double reach) {
        return (LEFT + RIGHT) / 2.0 + value / reach * (RIGHT - LEFT) / 2;
    }

    /** 1, 2 or 5 times a power of ten: at most five of them to a side. */
    private static double tick(double reach) {
        if (reach <= 0) {
            return 1;
        }
        double least = reach / TICKS;
        double ten = Math.pow(10, Math.floor(Math.log10(least)));
        for (double times : new double[] {1, 2, 5}) {
            if (times * ten >= least) {
                return times * ten;
            }
        }
        return 10 * ten;
    }

    private static void rule(StringBuilder svg, double x1, int y1, double x2, int y2, String colour, int width) {
        svg.append("<line x1=\"%s\" y1=\"%d\" x2=\"%s\" y2=\"%d\" stroke=\"%s\" stroke-width=\"%d\"/>\n"
                .formatted(pixel(x1), y1, pixel(x2), y2, colour, width));
    }

    private static void text(StringBuilder svg, double x, int y, String anchor, String attributes, String content) {
        svg.append("<text x=\"%s\" y=\"%d\" text-anchor=\"%s\" %s>%s</text>\n"
                .formatted(pixel(x), y, anchor, attributes, escaped(content)));
    }

    private static String pixel(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%+.4g", value).replaceAll("\\.?0+$", "");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
