package org.basinlab.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * A process of one host: numbers are used again, a number with its start is not.
 *
 * @param started as the operating system tells it, where it does
 */
public record ProcessName(long pid, Optional<Instant> started) {}
