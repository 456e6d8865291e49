package org.basinlab.api;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.dispatch.Intake;
import org.basinlab.dispatch.Schedules;
import org.basinlab.ledger.CheckView;
import org.basinlab.ledger.Listings;
import org.basinlab.ledger.MetricView;
import org.basinlab.ledger.NetworkView;
import org.basinlab.ledger.Page;
import org.basinlab.ledger.Reports;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.ledger.Slice;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.TaskView;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.RunSettings;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.EffectTable;
import org.basinlab.verdict.Effects;
import org.basinlab.verdict.Verdicts;
import org.basinlab.workflow.TaskSpec;
import org.basinlab.workflow.TaskState;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Studies: taken in, listed, and what they gave. */
@Path("/api/studies")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "studies")
class StudyResource {

    private final Intake intake;
    private final Schedules schedules;
    private final Reports reports;
    private final Listings listings;
    private final Verdicts verdicts;
    private final DataSource database;

    StudyResource(Intake intake, Schedules schedules, DataSource database, ClaimRegister register) {
        this.intake = intake;
        this.schedules = schedules;
        this.reports = new Reports(database);
        this.listings = new Listings(database);
        this.verdicts = new Verdicts(register, Optional.of(database));
        this.database = database;
    }

    @POST
    @Consumes({"application/yaml", "text/yaml", MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Operation(summary = "Takes a study in, or finds the same one; with dryRun only says what it would take")
    @APIResponse(
            responseCode = "201",
            description = "The study is in the queue; or it has a schedule, which is entered",
            content = @Content(schema = @Schema(oneOf = {StudyView.class, ScheduleView.class})))
    @APIResponse(
            responseCode = "200",
            description = "The same study or schedule was there before; or, for a dry run, the plan",
            content = @Content(schema = @Schema(oneOf = {StudyView.class, ScheduleView.class, PlanView.class})))
    public Response submit(
            @RequestBody(description = "The specification, YAML or JSON", required = true) @Nullable
                    String specification,
            @Parameter(description = "The same key gives the same study, however often it is sent")
                    @HeaderParam("Idempotency-Key")
                    @Nullable
                    String key,
            @Parameter(description = "true: nothing is taken in", schema = @Schema(type = SchemaType.BOOLEAN))
                    @QueryParam("dryRun")
                    @Nullable
                    String dryRun) {
        boolean dry = Arguments.flag("dryRun", dryRun);
        String text = specification == null ? "" : specification;
        Study study = StudyFile.read(text, "request body");
        if (dry) {
            return Response.ok(PlanView.ofWanted(study)).build();
        }
        RunSettings settings = StudyFile.settings(text, "request body");
        if (settings.schedule().isPresent()) {
            Schedules.Entered entered = schedules.register(study, settings, text, SteeringResource.ACTOR);
            Response.ResponseBuilder answer = entered.before()
                    ? Response.ok()
                    : Response.created(
                            URI.create("/api/schedules/" + entered.schedule().id()));
            return answer.entity(entered.schedule()).build();
        }
        Intake.Accepted accepted =
                key == null ? intake.resumeOrSubmit(study, text) : intake.submitOnce(study, text, usable(key));
        intake.keepData(study);
        UUID id = accepted.study().id();
        StudyView view = Arguments.found(reports.findStudy(id), "study", id);
        Response.ResponseBuilder response =
                accepted.resumed() ? Response.ok() : Response.created(URI.create("/api/studies/" + id));
        return response.entity(view).build();
    }

    private static String usable(String key) {
        if (!key.matches("[\\x21-\\x7e]{1,200}")) {
            throw new IllegalArgumentException(
                    "the header Idempotency-Key must be 1 to 200 visible ASCII characters without spaces");
        }
        return key;
    }

    @GET
    @Operation(summary = "All studies, the newest first")
    public Page<StudyView> list(
            @Parameter(description = "Only studies whose id begins so or whose name this is")
                    @QueryParam("match")
                    @Nullable
                    String match,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        Slice slice = Arguments.slice(limit, after);
        Optional<String> wanted = Arguments.word("match", match);
        if (wanted.isEmpty()) {
            return listings.studies(slice);
        }
        Page<UUID> ids = Page.of(reports.listMatches(wanted.get()), slice, UUID::toString);
        return new Page<>(
                ids.items().stream()
                        .map(reports::findStudy)
                        .flatMap(Optional::stream)
                        .toList(),
                ids.next());
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One study, its tasks counted by state")
    public StudyView get(@PathParam("id") String id) {
        UUID study = Arguments.id(id);
        return Arguments.found(reports.findStudy(study), "study", study);
    }

    @GET
    @Path("/{id}/plan")
    @Operation(
            summary = "What the study takes: tasks by kind, storage, operations, networks left out",
            description = "By the newest version of its plan, which counts all that it was extended by.")
    public PlanView plan(@PathParam("id") String id) {
        UUID study = Arguments.id(id);
        return PlanView.of(Arguments.found(listings.findPlanned(study), "study", study));
    }

    @GET
    @Path("/{id}/table")
    @Operation(summary = "Mean, standard deviation and n of every metric by arm, scheme and group size")
    public TableView table(@PathParam("id") String id) {
        UUID study = known(Arguments.id(id));
        return new TableView(reports.table(study), Reports.tableStatement(study));
    }

    @GET
    @Path("/{id}/tasks")
    @Operation(summary = "The tasks of a study in the order of its plan")
    public Page<TaskView> tasks(
            @PathParam("id") String id,
            @QueryParam("state") @Nullable String state,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        return listings.tasks(
                known(Arguments.id(id)),
                Arguments.choice("state", state, TaskState.values(), TaskState::name),
                Arguments.choice("kind", kind, TaskSpec.Kind.values(), TaskSpec.Kind::label),
                Arguments.slice(limit, after));
    }

    @GET
    @Path("/{id}/networks")
    @Operation(summary = "The trained and merged networks of a study, and its controls, in the order of its plan")
    public Page<NetworkView> networks(
            @PathParam("id") String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        return listings.networks(known(Arguments.id(id)), Arguments.slice(limit, after));
    }

    @GET
    @Path("/{id}/metrics")
    @Operation(
            summary =
                    "Every measured number of a study, in the place of its network; without a network where several were measured as one")
    public Page<MetricView> metrics(
            @PathParam("id") String id,
            @QueryParam("metric") @Nullable String metric,
            @QueryParam("arm") @Nullable String arm,
            @QueryParam("split") @Nullable String split,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        return listings.metrics(
                known(Arguments.id(id)),
                Arguments.word("metric", metric),
                Arguments.word("arm", arm),
                Arguments.word("split", split),
                Arguments.slice(limit, after));
    }

    @GET
    @Path("/{id}/checks")
    @Operation(summary = "Every sanity check of a study's attacks; metrics of an attack that failed one decide nothing")
    public Page<CheckView> checks(
            @PathParam("id") String id,
            @Parameter(
                            description = "true or false: only those that passed, or failed",
                            schema = @Schema(type = SchemaType.BOOLEAN))
                    @QueryParam("passed")
                    @Nullable
                    String passed,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        return listings.checks(
                known(Arguments.id(id)),
                Optional.ofNullable(passed).map(text -> Arguments.flag("passed", text)),
                Arguments.slice(limit, after));
    }

    @GET
    @Path("/{id}/claims")
    @Operation(summary = "The claims that a study lists: their verdicts, or what it measured of them so far")
    public Page<ClaimLine> claims(
            @PathParam("id") String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        Slice slice = Arguments.slice(limit, after);
        return Page.of(verdicts.lines(known(Arguments.id(id))), slice, ClaimLine::id);
    }

    @GET
    @Path("/{id}/effects")
    @Operation(
            summary = "What each setting that the study varies does to what merging costs",
            description =
                    "Differences of test accuracies between arms that differ in one setting, as fractions, with 95 % BCa"
                            + " intervals over groups of leaves. The single groups stand in the view results.contrasts.")
    public EffectTable effects(@PathParam("id") String id) {
        return Effects.of(database, known(Arguments.id(id)));
    }

    private UUID known(UUID study) {
        return Arguments.found(Optional.of(study).filter(listings::hasStudy), "study", study);
    }
}
