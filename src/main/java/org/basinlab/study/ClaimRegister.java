package org.basinlab.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every claim that this version knows, in the order of its files. */
public final class ClaimRegister {

    // Spelled out, because a packaged class path cannot be listed.
    private static final List<String> FILES =
            List.of("2510.09174", "2209.04836", "2411.09263", "dissect-git-re-basin", "rebasin-results", "2211.08403");

    private final Map<String, Claim> byId = new LinkedHashMap<>();

    ClaimRegister(List<Claim> claims) {
        for (Claim claim : claims) {
            if (byId.put(claim.id(), claim) != null) {
                throw new IllegalArgumentException("the register has claim %s twice".formatted(claim.id()));
            }
        }
    }

    /** Read once, when it is first asked for. */
    private static final class Shipped {
        private static final ClaimRegister REGISTER = read();

        private static ClaimRegister read() {
            List<Claim> claims = new ArrayList<>();
            FILES.forEach(file -> claims.addAll(ClaimReader.read(text(source(file)), source(file))));
            return new ClaimRegister(claims);
        }
    }

    /** What comes with the program. */
    public static ClaimRegister shipped() {
        return Shipped.REGISTER;
    }

    /**
     * One of files, each a paper with its claims, for other claims than those that are shipped.
     *
     * @param texts by the name that messages give them
     * @throws SpecificationException at the first thing that cannot be taken, with its line, column and key
     */
    public static ClaimRegister read(Map<String, String> texts) {
        List<Claim> claims = new ArrayList<>();
        texts.forEach((source, text) -> claims.addAll(ClaimReader.read(text, source)));
        return new ClaimRegister(claims);
    }

    static List<String> files() {
        return FILES;
    }

    private static String source(String file) {
        return "claims/%s.yaml".formatted(file);
    }

    private static String text(String resource) {
        try (InputStream stream = ClaimRegister.class.getResourceAsStream("/" + resource)) {
            if (stream == null) {
                throw new IllegalStateException("the program must contain %s, which is missing".formatted(resource));
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s of the program".formatted(resource), e);
        }
    }

    public Optional<Claim> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The claim of that id. */
    public Claim get(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException(
                "a claim must be one of the register, was '%s'".formatted(YamlValue.shown(id))));
    }

    public List<Claim> list() {
        return List.copyOf(byId.values());
    }

    /** Reads {@code claims} of a study: ids, each once, of claims that can be decided; returns them in this order. */
    List<String> choose(Value value) {
        List<String> chosen = new ArrayList<>();
        for (Value item : value.items("a list of claims")) {
            Claim claim = claim(item);
            if (chosen.contains(claim.id())) {
                throw item.refuse("must be a claim that is not there yet, was %s again".formatted(claim.id()));
            }
            chosen.add(claim.id());
        }
        return byId.keySet().stream().filter(chosen::contains).toList();
    }

    private Claim claim(Value item) {
        String id = item.text();
        Claim claim = byId.get(id);
        if (claim == null) {
            Keys known = Keys.of("the register", byId.keySet().toArray(String[]::new));
            String meant = known.nearest(id)
                    .map(near -> " (did you mean %s?)".formatted(near))
                    .orElse("");
            throw item.refuse("must be a claim of the register, was '%s'%s; there are %s"
                    .formatted(YamlValue.shown(id), meant, String.join(", ", byId.keySet())));
        }
        claim.awaits().ifPresent(what -> {
            throw item.refuse("cannot be decided by this version: %s awaits %s".formatted(id, what));
        });
        if (claim.decision().isEmpty()) {
            throw item.refuse("cannot be decided: %s is not testable as stated".formatted(id));
        }
        return claim;
    }
}
