package org.basinlab.network;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Which of its kernels OpenBLAS runs on this CPU. The Java binding has no call for that, so its table of functions in use
 * ({@code gotoblas}) is compared with the table of each kernel.
 */
final class OpenBlasKernel {

    private static final List<String> NAMES = List.of(
            "SAPPHIRERAPIDS",
            "COOPERLAKE",
            "SKYLAKEX",
            "HASWELL",
            "ZEN",
            "EXCAVATOR",
            "STEAMROLLER",
            "PILEDRIVER",
            "BULLDOZER",
            "SANDYBRIDGE",
            "NEHALEM",
            "BARCELONA",
            "CORE2",
            "PRESCOTT",
            "NEOVERSEN2",
            "NEOVERSEV1",
            "NEOVERSEN1",
            "ARMV8SVE",
            "ARMV8");

    private OpenBlasKernel() {}

    /** Empty where OpenBLAS was built for one CPU only or has a kernel that is not known here. */
    static Optional<String> find() {
        Pointer inUse = Loader.addressof("gotoblas");
        if (inUse == null || inUse.isNull()) {
            return Optional.empty();
        }
        long table = new LongPointer(inUse).get();
        return NAMES.stream().filter(name -> lies("gotoblas_" + name, table)).findFirst();
    }

    private static boolean lies(String symbol, long address) {
        Pointer at = Loader.addressof(symbol);
        return at != null && at.address() == address;
    }
}
