package org.basinlab.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The network between one process and the database, as a relay of TCP connections on 127.0.0.1 that can be made to fail.
 *
 * <p>Bytes that are held back are delivered when the network is whole again, in order, as TCP does after a cut; those of
 * connections that were {@link #sever() severed} are gone.
 */
final class Relay implements AutoCloseable {

    /** What the network lets through. */
    enum Mode {
        WHOLE,
        /** Nothing, in either direction; connections stay and new ones are taken and hang. */
        CUT,
        /** What the process sends, and no answers: what it does is done and it does not learn so. */
        DEAF
    }

    private static final int BUFFER_BYTES = 1 << 16;

    private static final int CONNECT_MILLIS = 5_000;

    private final ServerSocket listening;
    private final IntSupplier target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Object changed = new Object();
    private volatile Mode mode = Mode.WHOLE;
    private volatile boolean closed;

    /** @param target the port of the database, which may be another after a restart */
    Relay(IntSupplier target) {
        this.target = target;
        try {
            this.listening = new ServerSocket();
            this.listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException("a port of 127.0.0.1 must be free for a relay", e);
        }
        Threads.start("relay-" + port(), this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void become(Mode next) {
        synchronized (changed) {
            mode = next;
            changed.notifyAll();
        }
    }

    /** Ends all connections; what was held back is lost. */
    void sever() {
        links.forEach(Link::close);
    }

    @Override
    public void close() {
        closed = true;
        quietly(listening);
        become(Mode.WHOLE);
        sever();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket process = listening.accept();
                Threads.start("relay-link", () -> connect(process));
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException("the relay on port %d broke".formatted(port()), e);
                }
            }
        }
    }

    private void connect(Socket process) {
        Socket database = new Socket();
        Link link = new Link(process, database);
        links.add(link);
        try {
            if (mode == Mode.CUT && !awaitWhole(link, Mode.CUT)) {
                return;
            }
            database.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getAsInt()), CONNECT_MILLIS);
            process.setTcpNoDelay(true);
            database.setTcpNoDelay(true);
            Threads.start("relay-requests", () -> pump(link, process, database, Set.of(Mode.CUT)));
            Threads.start("relay-answers", () -> pump(link, database, process, Set.of(Mode.CUT, Mode.DEAF)));
        } catch (IOException e) {
            link.close();
        }
    }

    private void pump(Link link, Socket from, Socket to, Set<Mode> held) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!awaitWhole(link, held.toArray(Mode[]::new))) {
                    return;
                }
                out.write(buffer, 0, read);
            }
            awaitWhole(link, held.toArray(Mode[]::new));
        } catch (IOException e) {
            // One side is gone: the other one is told so below, as soon as the network lets it know.
            awaitWhole(link, held.toArray(Mode[]::new));
        } finally {
            link.close();
        }
    }

    /** Waits until nothing of that kind is held back any more; false if the connection was severed meanwhile. */
    private boolean awaitWhole(Link link, Mode... held) {
        Set<Mode> waitsIn = Set.of(held);
        synchronized (changed) {
            while (waitsIn.contains(mode) && !link.isClosed()) {
                try {
                    changed.wait(200);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return !link.isClosed();
    }

    private static void quietly(Closeable some) {
        try {
            some.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket cannot be closed", e);
        }
    }

    /** Two ends of one connection. */
    private final class Link {

        private final Socket process;
        private final Socket database;

        Link(Socket process, Socket database) {
            this.process = process;
            this.database = database;
        }

        boolean isClosed() {
            return process.isClosed() || database.isClosed();
        }

        void close() {
            links.remove(this);
            quietly(process);
            quietly(database);
        }
    }
}
