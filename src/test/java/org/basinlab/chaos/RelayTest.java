package org.basinlab.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One client, one server that answers each byte with the next, and the relay between them. */
class RelayTest {

    private static final int PATIENCE_MILLIS = 5_000;

    private static final int HELD_MILLIS = 150;

    private ServerSocket server;
    private Relay relay;
    private Socket client;
    private Socket served;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        relay = new Relay(server::getLocalPort);
        client = new Socket(InetAddress.getLoopbackAddress(), relay.port());
        client.setSoTimeout(PATIENCE_MILLIS);
        served = server.accept();
        served.setSoTimeout(PATIENCE_MILLIS);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        served.close();
        relay.close();
        server.close();
    }

    @Test
    void a_whole_network_carries_both_ways() throws IOException {
        client.getOutputStream().write(7);
        assertThat(served.getInputStream().read()).isEqualTo(7);

        served.getOutputStream().write(8);
        assertThat(client.getInputStream().read()).isEqualTo(8);
    }

    @Test
    void a_cut_holds_everything_back_and_delivers_it_afterwards() throws IOException {
        relay.become(Relay.Mode.CUT);
        client.getOutputStream().write(7);
        served.setSoTimeout(HELD_MILLIS);

        assertThatThrownBy(() -> served.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

        relay.become(Relay.Mode.WHOLE);
        served.setSoTimeout(PATIENCE_MILLIS);
        assertThat(served.getInputStream().read()).isEqualTo(7);
    }

    @Test
    void who_is_deaf_is_heard_and_hears_nothing() throws IOException {
        relay.become(Relay.Mode.DEAF);
        client.getOutputStream().write(7);
        assertThat(served.getInputStream().read()).isEqualTo(7);
        served.getOutputStream().write(8);
        client.setSoTimeout(HELD_MILLIS);

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void severed_connections_are_gone_with_what_was_held_back_and_new_ones_are_not() throws IOException {
        relay.become(Relay.Mode.DEAF);
        served.getOutputStream().write(8);

        relay.sever();
        relay.become(Relay.Mode.WHOLE);

        assertThat(endOf(client)).isEqualTo(-1);
        try (Socket next = new Socket(InetAddress.getLoopbackAddress(), relay.port());
                Socket served = server.accept()) {
            next.getOutputStream().write(9);
            assertThat(served.getInputStream().read()).isEqualTo(9);
        }
    }

    /** A reset and an orderly end are the same here. */
    private static int endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return -1;
        }
    }
}
