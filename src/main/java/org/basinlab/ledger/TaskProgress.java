package org.basinlab.ledger;

import java.util.UUID;

/**
 * How far a task is that runs.
 *
 * @param attempt its number, from 1
 * @param progress in [0, 1]
 */
public record TaskProgress(UUID task, int attempt, double progress) {}
