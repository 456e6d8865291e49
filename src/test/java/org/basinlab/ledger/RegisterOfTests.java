package org.basinlab.ledger;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.NormClaims;

/** Puts claims that are measured in seconds into the register of every test that has a store. */
@ApplicationScoped
class RegisterOfTests {

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    ClaimRegister register() {
        return NormClaims.register();
    }
}
