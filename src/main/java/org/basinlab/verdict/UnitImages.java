package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.basinlab.ledger.ImageTerm;

/** One of a unit's two values as a function of the images drawn. */
final class UnitImages {

    private record Row(int images, double weight, ImageRow value) {}

    private record Term(boolean isAbsolute, double sign, List<Row> rows) {

        double of(Map<Integer, ImageDraw> draws) {
            double sum = 0;
            for (Row row : rows) {
                sum += row.weight * row.value.of(Objects.requireNonNull(draws.get(row.images)));
            }
            return sign * (isAbsolute ? Math.abs(sum) : sum);
        }
    }

    private final List<Term> terms = new ArrayList<>();

    /** @param rows at least one, of all terms in any order */
    UnitImages(Collection<ImageTerm> rows) {
        Map<Integer, List<ImageTerm>> byTerm = new TreeMap<>();
        rows.forEach(row ->
                byTerm.computeIfAbsent(row.term(), t -> new ArrayList<>()).add(row));
        byTerm.values().forEach(of -> terms.add(term(of)));
    }

    private static Term term(List<ImageTerm> rows) {
        ImageTerm first = rows.get(0);
        List<Row> values = new ArrayList<>();
        for (ImageTerm row : rows) {
            if (row.absolute() != first.absolute() || row.sign() != first.sign()) {
                throw new IllegalStateException(
                        "all rows of term %d of unit %s must have one sign and form, they differ"
                                .formatted(first.term(), first.unit()));
            }
            values.add(new Row(row.images(), row.weight(), ImageRow.of(row)));
        }
        return new Term(first.absolute(), first.sign(), values);
    }

    /** @param draws by number of images */
    double of(Map<Integer, ImageDraw> draws) {
        double sum = 0;
        for (Term term : terms) {
            sum += term.of(draws);
        }
        return sum;
    }
}
