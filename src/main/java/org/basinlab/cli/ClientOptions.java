package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that ask a server as well as the store itself. */
final class ClientOptions {

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Ask this server (http://host:8080) and not the store (default: $BASINLAB_SERVER).")
    private @Nullable String server;

    @Option(
            names = "--token",
            paramLabel = "T",
            description = "What the server knows you by, where it or its proxy asks for it (default: $BASINLAB_TOKEN).")
    private @Nullable String token;

    /** Where the command's questions go. */
    Desk desk(SharedOptions shared, PrintWriter err) {
        return calls().<Desk>map(server -> new ServerDesk(server, err)).orElseGet(() -> new StoreDesk(shared, err));
    }

    /** The server that is asked; absent where it is the store itself. */
    Optional<ServerCalls> calls() {
        Optional<String> address = given(server, "BASINLAB_SERVER");
        if (address.isEmpty() && token != null) {
            throw new UsageException("--token must come with --server, the store itself asks for none");
        }
        return address.map(url -> new ServerCalls(url, given(token, "BASINLAB_TOKEN")));
    }

    private static Optional<String> given(@Nullable String option, String variable) {
        return Optional.ofNullable(option)
                .or(() -> Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isBlank()));
    }
}
