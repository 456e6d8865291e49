package org.basinlab.ledger;

import java.util.UUID;
import org.basinlab.workflow.StudyState;

/**
 * What steering a study did.
 *
 * @param tasks how many tasks it changed
 */
public record Controlled(UUID study, StudyState before, StudyState after, int tasks) {}
