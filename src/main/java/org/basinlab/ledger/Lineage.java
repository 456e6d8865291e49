package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;

/** What networks were made of. */
@ApplicationScoped
public class Lineage {

    private static final String PARENTS = """
            SELECT n.sha256, p.share, CAST(p.permutation AS text) AS permutation
              FROM ledger.network_parent p
              JOIN ledger.network n ON n.id = p.parent_id
             WHERE p.network_id = ?
             ORDER BY p.position
            """;

    private final Query query;

    Lineage(DataSource database) {
        this.query = new Query(database);
    }

    /** The networks that this one was made of, in the order of the task that made it; none of a trained one. */
    public List<Parent> parents(UUID network) {
        return query.list(
                PARENTS,
                row -> new Parent(
                        row.getString("sha256"),
                        row.getDouble("share"),
                        Query.optionalText(row, "permutation").map(Lineage::permutation)),
                network);
    }

    private static Map<String, int[]> permutation(String text) {
        Map<String, int[]> byName = new LinkedHashMap<>();
        CanonicalJson.read(text, Vectors.class).forEach(byName::put);
        return byName;
    }

    /** By name; a class of its own, because a generic type has none to be read as. */
    private static final class Vectors extends LinkedHashMap<String, int[]> {
        private static final long serialVersionUID = 1L;
    }

    /**
     * What became of one network in another.
     *
     * @param sha256 of its checkpoint
     * @param share its weight in the result, in [0, 1]; 0 also where it was only looked at
     * @param permutation by name, element i is the unit put in place i; empty where nothing was permuted
     */
    public record Parent(String sha256, double share, Optional<Map<String, int[]>> permutation) {}
}
