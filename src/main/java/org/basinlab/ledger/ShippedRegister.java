package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.basinlab.study.ClaimRegister;

/** Hands the register that comes with the program to whoever asks for one. */
@ApplicationScoped
class ShippedRegister {

    @Produces
    @Singleton
    ClaimRegister register() {
        return ClaimRegister.shipped();
    }
}
