package org.basinlab.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every claim that this version knows, in the order of its files. */
public final class ClaimRegister {

    private final Map<String, Claim> byId = new LinkedHashMap<>();

    ClaimRegister(List<Claim> claims) {
        for (Claim claim : claims) {
            if (byId.put(claim.id(), claim) != null) {
                throw new IllegalArgumentException("the register has claim %s twice".formatted(claim.id()));
            }
        }
    }

    /** What comes with the program. */
    public static ClaimRegister shipped() {
        throw new UnsupportedOperationException();
    }

    public Optional<Claim> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public List<Claim> list() {
        return List.copyOf(byId.values());
    }
}
