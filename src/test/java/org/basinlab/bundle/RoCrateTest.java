package org.basinlab.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What RO-Crate 1.1, Workflow RO-Crate 1.0, Process Run Crate 0.5 and Workflow Run Crate 0.5 ask of a crate with "must", and of what
 * they ask with "should" what a study has.
 */
class RoCrateTest {

    private static final String DIGEST = "ab".repeat(32);

    private final Map<String, JsonNode> entities = new HashMap<>();
    private final List<String> ids = new ArrayList<>();

    @BeforeEach
    void write_and_read_a_crate() throws Exception {
        StudyFacts study = new StudyFacts(
                UUID.fromString("5ca5d238-ad0d-48bb-b6bf-553844a1e7da"),
                "small",
                Optional.of("arXiv:2510.09174v2"),
                DIGEST,
                "study: small\n",
                "{}",
                "SUCCEEDED",
                Optional.of("2026-01-02T03:04:05Z"),
                "2026-01-02T04:04:05Z",
                List.of(new StudyFacts.Data(DIGEST, "cifar10")),
                List.of(new TreeMap<>(Map.of("engine", "openblas"))),
                new Verdicts("[]", List.of()));
        List<Manifest.Member> members = List.of(
                new Manifest.Member("specification.yaml", 13, DIGEST),
                new Manifest.Member("specification.json", 2, DIGEST),
                new Manifest.Member("README.md", 2, DIGEST),
                new Manifest.Member("verdicts.json", 2, DIGEST),
                new Manifest.Member("sql/H1-accuracy.sql", 2, DIGEST),
                new Manifest.Member("tables/metrics.parquet", 2, DIGEST));
        String json = RoCrate.json(study, Contents.EVIDENCE, "1.2.3", members);
        new ObjectMapper().readTree(json).get("@graph").forEach(entity -> {
            ids.add(entity.get("@id").asText());
            entities.put(entity.get("@id").asText(), entity);
        });
    }

    private JsonNode entity(String id) {
        assertThat(entities).containsKey(id);
        return entities.get(id);
    }

    private static List<String> links(JsonNode value) {
        List<String> links = new ArrayList<>();
        (value.isArray() ? value : List.of(value))
                .forEach(one -> links.add(one.get("@id").asText()));
        return links;
    }

    private static List<String> types(JsonNode entity) {
        List<String> types = new ArrayList<>();
        JsonNode type = entity.get("@type");
        if (type.isArray()) {
            type.forEach(one -> types.add(one.asText()));
        } else {
            types.add(type.asText());
        }
        return types;
    }

    @Test
    void every_entity_stands_there_once_and_every_link_leads_to_one() {
        Set<String> linked = new HashSet<>();
        entities.values().forEach(entity -> entity.findValues("@id").forEach(id -> linked.add(id.asText())));
        linked.removeIf(id -> id.startsWith("http://schema.org/") || id.equals("https://w3id.org/ro/crate/1.1"));

        assertThat(ids).doesNotHaveDuplicates().containsAll(linked);
    }

    @Test
    void the_descriptor_and_the_root_name_their_profiles() {
        JsonNode descriptor = entity("ro-crate-metadata.json");
        JsonNode root = entity("./");

        assertThat(types(descriptor)).containsExactly("CreativeWork");
        assertThat(links(descriptor.get("about"))).containsExactly("./");
        assertThat(links(descriptor.get("conformsTo")))
                .containsExactly("https://w3id.org/ro/crate/1.1", "https://w3id.org/workflowhub/workflow-ro-crate/1.0");
        assertThat(types(root)).containsExactly("Dataset");
        assertThat(links(root.get("conformsTo")))
                .containsExactly(
                        "https://w3id.org/ro/wfrun/process/0.5",
                        "https://w3id.org/ro/wfrun/workflow/0.5",
                        "https://w3id.org/workflowhub/workflow-ro-crate/1.0")
                .allSatisfy(profile -> assertThat(types(entity(profile))).containsExactly("CreativeWork"));
        assertThat(root.get("name").asText()).isNotBlank();
        assertThat(root.get("description").asText()).isNotBlank();
        assertThat(root.get("datePublished").asText()).isEqualTo("2026-01-02T04:04:05Z");
        assertThat(links(root.get("license"))).containsExactly("https://spdx.org/licenses/Apache-2.0");
        assertThat(links(root.get("mentions"))).contains("#run-5ca5d238-ad0d-48bb-b6bf-553844a1e7da");
    }

    @Test
    void the_workflow_is_the_specification() {
        JsonNode workflow = entity(
                links(entity("./").get("mainEntity")).stream().findFirst().orElseThrow());
        JsonNode language = entity(
                links(workflow.get("programmingLanguage")).stream().findFirst().orElseThrow());

        assertThat(workflow.get("@id").asText()).isEqualTo("specification.yaml");
        assertThat(types(workflow)).containsExactlyInAnyOrder("File", "SoftwareSourceCode", "ComputationalWorkflow");
        assertThat(workflow.get("name").asText()).isEqualTo("small");
        assertThat(workflow.has("license")).isTrue();
        assertThat(types(language)).containsExactly("ComputerLanguage");
        assertThat(language.get("name").asText()).isNotBlank();
    }

    @Test
    void the_run_has_its_workflow_its_times_what_went_in_and_what_came_out() {
        JsonNode run = entity("#run-5ca5d238-ad0d-48bb-b6bf-553844a1e7da");

        assertThat(types(run)).containsExactly("CreateAction");
        assertThat(links(run.get("instrument"))).isEqualTo(links(entity("./").get("mainEntity")));
        assertThat(run.get("name").asText()).isNotBlank();
        assertThat(run.get("description").asText()).isNotBlank();
        assertThat(run.get("startTime").asText()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(run.get("endTime").asText()).isEqualTo("2026-01-02T04:04:05Z");
        assertThat(links(run.get("actionStatus"))).containsExactly("http://schema.org/CompletedActionStatus");
        assertThat(links(run.get("result"))).containsExactly("verdicts.json", "tables/metrics.parquet");
        assertThat(links(run.get("object")))
                .allSatisfy(data -> assertThat(types(entity(data))).containsExactly("CreativeWork"));
        // An agent would be a person or an organisation: bundles name nobody.
        assertThat(run.has("agent")).isFalse();
    }

    @Test
    void every_file_and_folder_is_a_part_of_the_root() {
        List<String> parts = links(entity("./").get("hasPart"));

        entities.values().stream()
                .filter(entity -> types(entity).contains("File")
                        || (types(entity).contains("Dataset")
                                && !entity.get("@id").asText().equals("./")))
                .forEach(entity -> assertThat(parts).contains(entity.get("@id").asText()));
        assertThat(links(entity("README.md").get("about"))).containsExactly("./");
    }

    @Test
    void the_program_has_one_version() {
        JsonNode program = entity("#basinlab");

        assertThat(types(program)).containsExactly("SoftwareApplication");
        assertThat(program.get("softwareVersion").asText()).isEqualTo("1.2.3");
        assertThat(program.has("version")).isFalse();
    }
}
