package org.basinlab.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;

/** Says once in the OpenAPI document what is so for every resource: whatever goes wrong is told as a problem. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemsInOpenApi implements OASFilter {

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getPaths().getPathItems().forEach((path, item) -> {
            if (path.startsWith("/api/")) {
                item.getOperations()
                        .values()
                        .forEach(operation -> operation
                                .getResponses()
                                .addAPIResponse(
                                        "default",
                                        OASFactory.createAPIResponse()
                                                .description("What went wrong")
                                                .content(OASFactory.createContent()
                                                        .addMediaType(
                                                                Problem.MEDIA_TYPE,
                                                                OASFactory.createMediaType()
                                                                        .schema(OASFactory.createSchema()
                                                                                .ref("Problem"))))));
            }
        });
    }
}
