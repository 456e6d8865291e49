package org.basinlab.ledger;

import java.util.BitSet;
import java.util.Optional;

/**
 * One network's images behind a unit's value, so that images can be drawn again. The value is Σ over terms of
 * {@code sign · g(Σ over rows of the term of weight · v)}, where {@code g} is |·| for absolute terms and else the identity, and
 * {@code v} of a row is
 * <ul>
 *   <li>the share of images that are {@code correct};
 *   <li>where {@code of} is present, correct ones per one in {@code of};
 *   <li>where {@code distances} are present, the natural logarithm of their median over the images that are {@code correct}.
 * </ul>
 *
 * @param other whether it belongs to the unit's second value
 * @param images how many, in file order
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not shared
public record ImageTerm(
        String unit,
        boolean other,
        int term,
        boolean absolute,
        double sign,
        double weight,
        int images,
        BitSet correct,
        Optional<BitSet> of,
        Optional<float[]> distances) {}
