package org.basinlab.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.TaskDetail;
import org.basinlab.ledger.TaskView;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A task with what it does, what it needs and how it went. */
record TaskBody(
        @JsonUnwrapped TaskView task,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, description = "What it does, by kind")
        String parameters,

        Optional<String> key,
        List<UUID> inputs,
        List<TaskDetail.Attempt> tries) {

    static TaskBody of(TaskDetail detail) {
        return new TaskBody(detail.task(), detail.parameters(), detail.key(), detail.inputs(), detail.attempts());
    }
}
