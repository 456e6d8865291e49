package org.basinlab.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.basinlab.recipe.CanonicalJson;

/**
 * The description of a bundle for others: a Workflow Run RO-Crate. The specification is the workflow, the study is its one run, data
 * sets went in, tables came out.
 *
 * @see <a href="https://w3id.org/ro/wfrun/workflow/0.5">Workflow Run Crate 0.5</a>, on RO-Crate 1.1
 */
final class RoCrate {

    static final String PATH = "ro-crate-metadata.json";

    private static final String CRATE = "https://w3id.org/ro/crate/1.1";
    private static final String PROCESS = "https://w3id.org/ro/wfrun/process/0.5";
    private static final String WORKFLOW = "https://w3id.org/ro/wfrun/workflow/0.5";
    private static final String WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0";
    private static final String TERMS = "https://w3id.org/ro/terms/workflow-run/context";

    private static final String SPECIFICATION = "specification.yaml";
    private static final String SOFTWARE = "#basinlab";
    private static final String LANGUAGE = "#study-specification";
    private static final String CANONICAL = "specification.json";
    private static final String README = "README.md";

    private static final Map<String, String> FORMATS = Map.of(
            "yaml", "application/yaml",
            "json", "application/json",
            "sql", "application/sql",
            "md", "text/markdown",
            "csv", "text/csv",
            "parquet", "application/vnd.apache.parquet",
            "safetensors", "application/octet-stream");

    private final StudyFacts study;
    private final String licence;
    private final List<Map<String, Object>> graph = new ArrayList<>();

    private RoCrate(StudyFacts study, String licence) {
        this.study = study;
        this.licence = licence;
    }

    static String json(StudyFacts study, Contents contents, String program, List<Manifest.Member> members) {
        String licence = contents.licence().contains(":")
                ? contents.licence()
                : "https://spdx.org/licenses/" + contents.licence();
        RoCrate crate = new RoCrate(study, licence);
        crate.describe(members);
        crate.add(licence, "CreativeWork", "name", contents.licence());
        crate.run(members);
        crate.software(program);
        members.forEach(crate::file);
        return CanonicalJson.write(Map.of("@context", List.of(CRATE + "/context", TERMS), "@graph", crate.graph));
    }

    private void describe(List<Manifest.Member> members) {
        Map<String, Object> head = add(PATH, "CreativeWork", "about", id("./"));
        head.put("conformsTo", List.of(id(CRATE), id(WORKFLOW_CRATE)));
        Map<String, Object> root = add("./", "Dataset", "name", "%s, study %s".formatted(study.name(), study.id()));
        root.put("description", description());
        root.put("identifier", "urn:uuid:" + study.id());
        root.put("datePublished", study.ended());
        root.put("license", id(licence));
        root.put("conformsTo", List.of(id(PROCESS), id(WORKFLOW), id(WORKFLOW_CRATE)));
        root.put("mainEntity", id(SPECIFICATION));
        root.put("mentions", List.of(id(run()), id(SOFTWARE)));
        root.put("hasPart", members.stream().map(member -> id(member.path())).toList());
        profile(PROCESS, "Process Run Crate", "0.5");
        profile(WORKFLOW, "Workflow Run Crate", "0.5");
        profile(WORKFLOW_CRATE, "Workflow RO-Crate", "1.0");
    }

    private void profile(String address, String name, String version) {
        add(address, "CreativeWork", "name", name).put("version", version);
    }

    private String description() {
        return "What was asked, done and measured in one study of neural-network merging%s."
                .formatted(study.paper().map(paper -> " about " + paper).orElse(""));
    }

    private void run(List<Manifest.Member> members) {
        Map<String, Object> run = add(run(), "CreateAction", "name", "The run of study " + study.name());
        run.put("description", "basinlab run %s, with every default as %s has it".formatted(SPECIFICATION, CANONICAL));
        run.put("instrument", id(SPECIFICATION));
        study.started().ifPresent(started -> run.put("startTime", started));
        run.put("endTime", study.ended());
        run.put(
                "actionStatus",
                id("http://schema.org/"
                        + (study.state().equals("SUCCEEDED") ? "CompletedActionStatus" : "FailedActionStatus")));
        run.put(
                "object",
                study.datasets().stream()
                        .map(data -> id("#data-" + data.digest()))
                        .toList());
        run.put(
                "result",
                members.stream()
                        .map(Manifest.Member::path)
                        .filter(path -> path.startsWith("tables/")
                                || path.startsWith("checkpoints/")
                                || path.equals(Verdicts.PATH))
                        .map(RoCrate::id)
                        .toList());
        List<Map<String, Object>> environment = new ArrayList<>();
        for (int i = 0; i < study.environments().size(); i++) {
            String which = "#environment-%d".formatted(i + 1);
            environment.add(id(which));
            add(which, "PropertyValue", "name", "environment")
                    .put("value", CanonicalJson.write(study.environments().get(i)));
        }
        run.put("additionalProperty", environment);
        for (StudyFacts.Data data : study.datasets()) {
            // Not a Dataset: that would be a folder of this crate.
            add("#data-" + data.digest(), "CreativeWork", "name", data.name())
                    .put("identifier", "SHA-256 over its unpacked records: " + data.digest());
        }
    }

    /** Of this run and no other, wherever crates are put together. */
    private String run() {
        return "#run-" + study.id();
    }

    private void software(String program) {
        Map<String, Object> software = add(SOFTWARE, "SoftwareApplication", "name", "Basinlab");
        software.put("softwareVersion", program);
        software.put("description", "A reproducibility platform for neural-network merging");
        add(LANGUAGE, "ComputerLanguage", "name", "Basinlab study specification")
                .put("identifier", id(SOFTWARE));
    }

    private void file(Manifest.Member member) {
        String path = member.path();
        Map<String, Object> file = add(path, "File", "name", path);
        if (path.equals(SPECIFICATION)) {
            file.put("@type", List.of("File", "SoftwareSourceCode", "ComputationalWorkflow"));
            file.put("name", study.name());
            file.put("programmingLanguage", id(LANGUAGE));
            file.put("license", id(licence));
        }
        if (path.equals(README)) {
            file.put("about", id("./"));
        }
        file.put("contentSize", Long.toString(member.bytes()));
        file.put("sha256", member.sha256());
        file.put(
                "encodingFormat",
                FORMATS.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream"));
    }

    private Map<String, Object> add(String id, String type, String key, Object value) {
        Map<String, Object> entity = new LinkedHashMap<>();
        entity.put("@id", id);
        entity.put("@type", type);
        entity.put(key, value);
        graph.add(entity);
        return entity;
    }

    private static Map<String, Object> id(String id) {
        return Map.of("@id", id);
    }

    /** What somebody reads who unpacks a bundle. */
    static String readme(StudyFacts study) {
        return """
                # %s

                Study %s, %s. Its specification is `specification.yaml`; what was measured stands in `tables/`, one Parquet file
                a table (and a CSV file, where the bundle has them), verdicts with the SQL of their numbers in `verdicts.json` and `sql/`.
                `manifest.json` has the size and SHA-256 of every file, `ro-crate-metadata.json` describes them (Workflow Run RO-Crate).

                Read into a store: `basinlab import FILE`. Data: %s.
                """.formatted(
                        study.name(),
                        study.id(),
                        study.paper().orElse("of no paper"),
                        study.datasets().stream()
                                .map(data -> "%s (%s)".formatted(data.name(), data.digest()))
                                .collect(Collectors.joining(", ")));
    }
}
