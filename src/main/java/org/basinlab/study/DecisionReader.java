package org.basinlab.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code decision}: the numbers that decide a claim, each with its type, side and margin. */
final class DecisionReader {

    /** Instead of a decision: the claim gives nothing that could be measured. */
    private static final String NOT_TESTABLE = "not-testable";

    private static final Keys DECISION = Keys.of("a decision", "together", "parts");
    private static final Keys PART = Keys.of("a part", "type", "sign", "margin", "scale", "parameters");

    private DecisionReader() {}

    static Optional<Decision> read(Value value) {
        if (value.isText(NOT_TESTABLE)) {
            return Optional.empty();
        }
        Section section = value.section(DECISION);
        Decision.Together together = section.find("together")
                .map(choice -> choice.choice(List.of(Decision.Together.values()), Decision.Together::label))
                .orElse(Decision.Together.ALL);
        Value parts = section.get("parts");
        List<Decision.Part> read = new ArrayList<>();
        for (Map.Entry<String, YamlValue.Field> entry : parts.fields().byKey().entrySet()) {
            String path = parts.path() + "." + YamlValue.shown(entry.getKey());
            if (!entry.getKey().matches("[a-z0-9][a-z0-9.-]{0,59}")) {
                throw entry.getValue()
                        .keyAt()
                        .refuse(
                                path,
                                "%s must name a part by lower-case letters, digits, dots and hyphens, was '%s'"
                                        .formatted(parts.path(), YamlValue.shown(entry.getKey())));
            }
            read.add(part(entry.getKey(), new Value(entry.getValue().value(), path)));
        }
        if (read.isEmpty()) {
            throw parts.refuse("must have at least one part, was empty");
        }
        if (together == Decision.Together.CROSSING) {
            requireCrossing(parts, read);
        }
        return Optional.of(new Decision(together, read));
    }

    /** What stands in the queries of one part alone. */
    static Optional<Value> parameters(Value decision, String part) {
        Value parts = decision.section(DECISION).get("parts");
        return Optional.ofNullable(parts.fields().byKey().get(part))
                .flatMap(field -> new Value(field.value(), parts.path() + "." + part)
                        .section(PART)
                        .find("parameters"));
    }

    private static Decision.Part part(String name, Value value) {
        Section section = value.section(PART);
        Value type = section.get("type");
        Decision.Type read = type.choice(List.of(Decision.Type.values()), Decision.Type::label);
        return new Decision.Part(
                name,
                read,
                sign(section, read),
                section.get("margin").number("[0, 1000]", margin -> margin >= 0 && margin <= 1_000),
                ClaimReader.line(section.get("scale")));
    }

    /** A claim of a difference has a side; a claim of none may have one; a barrier is above its margin. */
    private static Decision.Sign sign(Section section, Decision.Type type) {
        List<Decision.Sign> allowed = switch (type) {
            case DIRECTION, TREND, VARIANCE -> List.of(Decision.Sign.POSITIVE, Decision.Sign.NEGATIVE);
            case EQUIVALENCE, SHAPE -> List.of(Decision.Sign.NONE, Decision.Sign.NEGATIVE, Decision.Sign.POSITIVE);
            case BARRIER -> List.of(Decision.Sign.POSITIVE);
        };
        Optional<Value> sign = section.find("sign");
        if (allowed.get(0) != Decision.Sign.NONE && allowed.size() > 1 && sign.isEmpty()) {
            throw section.get("type")
                    .refuse("must have a sign beside it, positive or negative, as its type is " + type.label());
        }
        return sign.map(value -> value.choice(allowed, Decision.Sign::label)).orElse(allowed.get(0));
    }

    private static void requireCrossing(Value parts, List<Decision.Part> read) {
        boolean crosses = read.size() == 2
                && read.stream().allMatch(part -> part.type() == Decision.Type.DIRECTION)
                && read.get(0).sign() != read.get(1).sign();
        if (!crosses) {
            throw parts.refuse("must be two directions of opposite sign for a crossing, were "
                    + read.stream()
                            .map(part -> part.type().label() + " " + part.sign().label())
                            .toList());
        }
    }
}
