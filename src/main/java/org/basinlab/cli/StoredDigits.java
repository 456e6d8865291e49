package org.basinlab.cli;

import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.basinlab.ledger.CheckpointFacts;
import org.basinlab.ledger.CheckpointImport;
import org.basinlab.ledger.CheckpointStream;

/**
 * How users name a checkpoint of the store: by its SHA-256, or by the beginning of it.
 *
 * @param prefix 8 to 64 lower-case hexadecimal digits
 */
record StoredDigits(String prefix) {

    private static final int LEAST_DIGITS = 8;
    private static final int ALL_DIGITS = 64;

    /** @throws UsageException if this begins no SHA-256, or is too short to name one */
    static StoredDigits of(String digits) {
        String prefix = digits.toLowerCase(Locale.ROOT);
        if (!prefix.matches("[0-9a-f]{%d,%d}".formatted(LEAST_DIGITS, ALL_DIGITS))) {
            throw new UsageException(
                    "SHA256 must be %d to %d hexadecimal digits, was '%s'".formatted(LEAST_DIGITS, ALL_DIGITS, digits));
        }
        return new StoredDigits(prefix);
    }

    /** @throws UsageException unless they begin exactly one */
    CheckpointFacts find(DataSource store) {
        if (!new CheckpointImport(store).isReady()) {
            throw new UsageException("no checkpoint begins with %s: the store is empty".formatted(prefix));
        }
        List<CheckpointFacts> matches = new CheckpointStream(store).listMatches(prefix, 2);
        if (matches.isEmpty()) {
            throw new UsageException("no checkpoint begins with " + prefix);
        }
        if (matches.size() > 1) {
            throw new UsageException("%s must begin one checkpoint, it begins several: %s, %s …"
                    .formatted(prefix, matches.get(0).sha256(), matches.get(1).sha256()));
        }
        return matches.get(0);
    }
}
