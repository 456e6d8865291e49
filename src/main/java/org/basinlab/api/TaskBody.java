package org.basinlab.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.Memo;
import org.basinlab.ledger.TaskDetail;
import org.basinlab.ledger.TaskView;
import org.basinlab.recipe.CanonicalJson;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A task with what it does, what it needs and how it went.
 *
 * @param parameters canonical JSON of what it does
 * @param key what equal work is known by; empty before its inputs are there
 * @param inputs the tasks whose networks it takes, in their order
 * @param tries the first one first
 * @param memo why the work of an equal task was taken, or why none was
 */
public record TaskBody(
        @JsonUnwrapped TaskView task,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, description = "What it does, by kind")
        String parameters,

        Optional<String> key,
        List<UUID> inputs,
        List<TaskDetail.Attempt> tries,
        Optional<Memo.Explanation> memo) {

    /** The store keeps the value and not the text; of equal values the texts are equal here. */
    public TaskBody {
        parameters = CanonicalJson.write(CanonicalJson.read(parameters, JsonNode.class));
    }

    public static TaskBody of(TaskDetail detail, Optional<Memo.Explanation> memo) {
        return new TaskBody(detail.task(), detail.parameters(), detail.key(), detail.inputs(), detail.attempts(), memo);
    }

    /**
     * What a server answered.
     *
     * @throws IllegalArgumentException if it is no such task
     */
    public static TaskBody read(JsonNode answer, ObjectMapper mapper) {
        try {
            return new TaskBody(
                    mapper.treeToValue(answer, TaskView.class),
                    answer.path("parameters").toString(),
                    Optional.ofNullable(answer.path("key").textValue()),
                    List.of(mapper.treeToValue(answer.path("inputs"), UUID[].class)),
                    List.of(mapper.treeToValue(answer.path("tries"), TaskDetail.Attempt[].class)),
                    answer.path("memo").isObject()
                            ? Optional.of(mapper.treeToValue(answer.path("memo"), Memo.Explanation.class))
                            : Optional.empty());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a task: " + e.getOriginalMessage(), e);
        }
    }
}
