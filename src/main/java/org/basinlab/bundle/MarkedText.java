package org.basinlab.bundle;

/** A text with a part between two lines that a command writes: {@code <!-- claims -->} and {@code <!-- /claims -->}. */
public record MarkedText(String whole) {

    private static final String BEGIN = "<!-- claims -->\n";
    private static final String END = "<!-- /claims -->";

    /** @throws IllegalArgumentException unless it has both marks once, in their order */
    public MarkedText {
        int begin = whole.indexOf(BEGIN);
        int end = whole.indexOf(END);
        if (begin < 0 || end < begin || whole.indexOf(BEGIN, begin + 1) >= 0 || whole.indexOf(END, end + 1) >= 0) {
            throw new IllegalArgumentException(
                    "a text with the table of claims must have the lines %s and %s once".formatted(BEGIN.strip(), END));
        }
    }

    /** What stands between the marks. */
    public String part() {
        return whole.substring(whole.indexOf(BEGIN) + BEGIN.length(), whole.indexOf(END));
    }

    public MarkedText with(String part) {
        return new MarkedText(
                whole.substring(0, whole.indexOf(BEGIN) + BEGIN.length()) + part + whole.substring(whole.indexOf(END)));
    }
}
