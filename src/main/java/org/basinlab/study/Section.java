package org.basinlab.study;

import java.util.Optional;
import java.util.Set;

/** One mapping of a specification: hands out its values by key; has refused every key that it does not know. */
final class Section {

    private final YamlValue.Fields fields;
    private final String path;

    /** @param path dotted key of the mapping; empty for the whole study */
    private Section(YamlValue.Fields fields, String path) {
        this.fields = fields;
        this.path = path;
    }

    static Section of(YamlValue.Fields fields, String path, Keys keys) {
        Section section = new Section(fields, path);
        section.require(keys);
        return section;
    }

    /** Refuses the keys outside {@code keys}; for a mapping whose keys depend on one of its values. */
    void require(Keys keys) {
        keys.check(path.isEmpty() ? "" : path + ".", fields);
    }

    Value get(String key) {
        return find(key).orElseThrow(() -> fields.at().refuse(path(key), path(key) + " is missing"));
    }

    Optional<Value> find(String key) {
        return Optional.ofNullable(fields.byKey().get(key)).map(field -> new Value(field.value(), path(key)));
    }

    /** What stands under {@code key}; nothing where that is {@code false}, by which an arm switches a setting off. */
    Optional<Value> findUnlessFalse(String key) {
        return find(key).filter(value -> !value.isFalse());
    }

    Set<String> keys() {
        return fields.byKey().keySet();
    }

    /**
     * This section with what it leaves open taken from {@code inherited}, whose own keys may be more.
     *
     * @param whole keys whose mappings are taken from one side only
     */
    Section over(YamlValue.Fields inherited, Set<String> whole) {
        return new Section(inherited.overlaidBy(fields, whole), path);
    }

    /** The error that names this mapping and says {@code problem} of it. */
    SpecificationException refuse(String problem) {
        return fields.at().refuse(path, path + " " + problem);
    }

    /** Where {@code key} itself stands, not its value. */
    Position keyAt(String key) {
        YamlValue.Field field = fields.byKey().get(key);
        return field == null ? fields.at() : field.keyAt();
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + YamlValue.shown(key);
    }
}
