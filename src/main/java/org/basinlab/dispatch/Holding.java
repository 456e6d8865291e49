package org.basinlab.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.basinlab.ledger.AttemptLogs;
import org.basinlab.ledger.Heartbeats;

/** All leases that are in the hands of this process. */
final class Holding {

    /** Attempts whose last lines wait for a store that is away. */
    private static final int MOST_WORDS = 10_000;

    private final List<Heartbeats.Words> words = new ArrayList<>();
    private final ConcurrentHashMap<Long, Held> held = new ConcurrentHashMap<>();

    void add(Held one) {
        held.put(one.lease().token(), one);
    }

    /** What it said and nobody has heard waits for the next heartbeat. */
    void remove(Held one) {
        held.remove(one.lease().token());
        synchronized (words) {
            Heartbeats.Sign last = one.sign();
            if (!last.lines().isEmpty()) {
                words.add(new Heartbeats.Words(one.lease().token(), last.lines()));
                if (words.size() > MOST_WORDS) {
                    words.remove(0);
                }
                one.told(last);
            }
        }
    }

    /** The store has heard this of a lease, which may have been removed meanwhile: then its lines wait no longer either. */
    void told(Held one, Heartbeats.Sign sign) {
        synchronized (words) {
            one.told(sign);
            if (held.containsKey(sign.token()) || sign.lines().isEmpty()) {
                return;
            }
            Set<AttemptLogs.Said> heard = Held.among(sign.lines());
            words.replaceAll(last -> last.token() == sign.token()
                    ? new Heartbeats.Words(
                            last.token(),
                            last.lines().stream()
                                    .filter(line -> !heard.contains(line))
                                    .toList())
                    : last);
            words.removeIf(last -> last.lines().isEmpty());
        }
    }

    /** What attempts said that have ended since; {@link #told} once the store has heard it. */
    List<Heartbeats.Words> lastWords() {
        synchronized (words) {
            return List.copyOf(words);
        }
    }

    void told(List<Heartbeats.Words> said) {
        synchronized (words) {
            words.removeAll(said);
        }
    }

    Optional<Held> find(long token) {
        return Optional.ofNullable(held.get(token));
    }

    Collection<Held> list() {
        return List.copyOf(held.values());
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    void stop() {
        held.values().forEach(Held::stop);
    }
}
