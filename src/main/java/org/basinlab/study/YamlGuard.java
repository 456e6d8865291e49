package org.basinlab.study;

import java.util.Optional;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;

/** A parser that stops at the first event past a limit, so that nothing large is ever built, and says where. */
final class YamlGuard implements Parser {

    private final Parser parser;
    private final String source;
    private int documents;
    private int level;
    private int anchors;
    private int aliases;
    private int values;

    YamlGuard(Parser parser, String source) {
        this.parser = parser;
        this.source = source;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public Event getEvent() {
        Event event = parser.getEvent();
        if (event instanceof DocumentStartEvent) {
            documents++;
            require(documents == 1, event, "a study must be one document, here a second begins");
        } else if (event instanceof CollectionEndEvent) {
            level--;
        } else if (event instanceof NodeEvent node) {
            check(node);
        }
        return event;
    }

    private void check(NodeEvent event) {
        values++;
        requireAtMost(YamlText.MOST_VALUES, "values", values, event);
        if (event instanceof AliasEvent) {
            aliases++;
            requireAtMost(YamlText.MOST_ALIASES, "aliases", aliases, event);
            return;
        }
        if (event.getAnchor() != null) {
            anchors++;
            requireAtMost(YamlText.MOST_ANCHORS, "anchors", anchors, event);
        }
        Optional<String> foreign =
                tag(event).filter(tag -> !tag.equals("!") && !CoreScalars.TAGS.contains(new Tag(tag)));
        require(
                foreign.isEmpty(),
                event,
                "tags other than YAML's own are not supported, was " + YamlValue.shown(foreign.orElse("")));
        if (event instanceof CollectionStartEvent) {
            level++;
            require(level <= YamlText.MOST_LEVELS, event, YamlText.TOO_DEEP);
        }
    }

    private static Optional<String> tag(NodeEvent event) {
        if (event instanceof ScalarEvent scalar) {
            return Optional.ofNullable(scalar.getTag());
        }
        return event instanceof CollectionStartEvent start ? Optional.ofNullable(start.getTag()) : Optional.empty();
    }

    private void requireAtMost(int most, String what, int number, Event event) {
        require(number <= most, event, "a study must have at most %d %s".formatted(most, what));
    }

    private void require(boolean holds, Event event, String problem) {
        if (!holds) {
            Mark mark = event.getStartMark();
            throw new Position(source, mark.getLine() + 1, mark.getColumn() + 1).refuse("", problem);
        }
    }
}
