package org.basinlab.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.ledger.FaultPoint;

/**
 * Servers and workers of one store, each a process of this program and each behind a {@link Relay} of its own. Those that
 * end are replaced by {@link #refill()}.
 */
final class Processes implements AutoCloseable {

    private final ChaosStore store;
    private final ChaosSettings settings;
    private final String run;
    private final int slots;

    private final List<Place> servers = new ArrayList<>();
    private final List<Place> workers = new ArrayList<>();
    private final List<Place> extra = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int started;
    private int places;
    private boolean closed;

    /**
     * @param run what their names begin with
     * @param slots of each worker
     */
    Processes(ChaosStore store, ChaosSettings settings, String run, int slots) {
        this.store = store;
        this.settings = settings;
        this.run = run;
        this.slots = slots;
    }

    synchronized void startServers(int count) {
        for (int i = 0; i < count; i++) {
            Place place = place();
            servers.add(place);
            startServer(place, 0);
        }
    }

    /** One process that serves and works. */
    synchronized void startAlone() {
        Place place = place();
        servers.add(place);
        startServer(place, slots);
    }

    /** @param armed where the first of them is to die, where one is */
    synchronized void startWorkers(int count, Optional<Fault.KilledAtPoint> armed) {
        for (int i = 0; i < count; i++) {
            Place place = place();
            workers.add(place);
            Map<String, String> variables = i == 0
                    ? armed.map(fault -> variable(fault.point(), fault.visit())).orElse(Map.of())
                    : Map.of();
            place.armed = !variables.isEmpty();
            startWorker(place, variables);
        }
    }

    /** A worker that dies at that point: the one that was armed from the start while it is there, else one more. */
    synchronized Child armed(FaultPoint point, int visit) {
        for (Place place : workers) {
            if (place.armed) {
                place.armed = false;
                place.child().expectEnd();
                return place.child();
            }
        }
        Place place = place();
        extra.add(place);
        startWorker(place, variable(point, visit));
        return place.child();
    }

    /** Starts those again that have ended. */
    synchronized void refill() {
        for (Place place : servers) {
            if (!place.child().isAlive()) {
                place.port = freePort();
                startServer(place, 0);
            }
        }
        for (Place place : workers) {
            if (!place.child().isAlive()) {
                place.relay.sever();
                startWorker(place, Map.of());
            }
        }
        for (Place place : extra) {
            if (!place.child().isAlive()) {
                place.relay.close();
            }
        }
        extra.removeIf(place -> !place.child().isAlive());
    }

    synchronized Child worker(int index) {
        return workers.get(Math.floorMod(index, workers.size())).child();
    }

    synchronized Relay relay(int worker) {
        return workers.get(Math.floorMod(worker, workers.size())).relay;
    }

    synchronized Child server(int index) {
        return servers.get(Math.floorMod(index, servers.size())).child();
    }

    synchronized List<URI> serverUrls() {
        return servers.stream()
                .map(place -> URI.create("http://127.0.0.1:" + place.port))
                .toList();
    }

    /** The processes that are there and take tasks. */
    synchronized List<Child> liveWorkers() {
        return workers.stream().map(Place::child).filter(Child::isAlive).toList();
    }

    /** Whoever ended without having been told to. */
    synchronized List<String> takeNotes() {
        List<String> taken = List.copyOf(notes);
        notes.clear();
        return taken;
    }

    synchronized void noteEnded() {
        workers.stream()
                .map(Place::child)
                .filter(child -> !child.isAlive() && !child.isExpectedToEnd())
                .forEach(child ->
                        notes.add("%s ended with %d: %s".formatted(child.name(), child.status(), child.lastWords())));
    }

    @Override
    public synchronized void close() {
        closed = true;
        List<Place> all = new ArrayList<>(servers);
        all.addAll(workers);
        all.addAll(extra);
        all.forEach(Place::kill);
        all.forEach(place -> place.relay.close());
    }

    private void startServer(Place place, int slotsInside) {
        place.child = Optional.of(start(
                "server",
                place,
                List.of(
                        "serve",
                        "--workers",
                        Integer.toString(slotsInside),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(place.port)),
                Map.of()));
    }

    private void startWorker(Place place, Map<String, String> variables) {
        place.child =
                Optional.of(start("worker", place, List.of("worker", "--slots", Integer.toString(slots)), variables));
    }

    private Child start(String kind, Place place, List<String> arguments, Map<String, String> variables) {
        if (closed) {
            throw new ChaosException("the run of faults was ended");
        }
        String name = "%s-%s-%d".formatted(run, kind, ++started);
        List<String> command = new ArrayList<>(settings.program());
        command.addAll(arguments);
        command.addAll(List.of("--database", ChaosStore.url(place.relay.port())));
        command.addAll(List.of("--data-home", place.home.toString()));
        Map<String, String> all = new HashMap<>(variables);
        all.put("PGUSER", store.user());
        all.put("PGPASSWORD", store.password());
        all.put("BASINLAB_EVIDENCE", "off");
        all.put("BASINLAB_DATABASE", "");
        if (settings.leaseSeconds() != ChaosSettings.SHIPPED_LEASE_SECONDS) {
            all.put("BASINLAB_DISPATCH_LEASE", "PT%dS".formatted(settings.leaseSeconds()));
            all.put("BASINLAB_DISPATCH_HEARTBEAT", "PT%.1fS".formatted(settings.leaseSeconds() / 3.0));
            all.put("BASINLAB_DISPATCH_SKEW", "1S");
            all.put("BASINLAB_DISPATCH_SWEEP", "1S");
        }
        return Child.start(name, command, all, settings.folder().resolve(name + ".log"));
    }

    /** A process finds in its data home what its predecessor at this place could not hand in. */
    private Place place() {
        return new Place(
                new Relay(store::port), freePort(), settings.folder().resolve("home-%s-%d".formatted(run, ++places)));
    }

    private static Map<String, String> variable(FaultPoint point, int visit) {
        return Map.of(FaultPoint.VARIABLE, point.label() + ":" + visit);
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new ChaosException("a port of 127.0.0.1 must be free: " + e.getMessage(), e);
        }
    }

    /** Where a process stands; another takes its place when it ends. */
    private static final class Place {

        private final Relay relay;
        private final Path home;
        private int port;
        private boolean armed;
        private Optional<Child> child = Optional.empty();

        Place(Relay relay, int port, Path home) {
            this.relay = relay;
            this.port = port;
            this.home = home;
        }

        Child child() {
            return child.orElseThrow();
        }

        void kill() {
            child.ifPresent(Child::kill);
        }
    }
}
