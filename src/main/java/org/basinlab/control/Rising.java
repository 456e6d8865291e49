package org.basinlab.control;

import org.basinlab.recipe.Progress;

/** Tells progress that never falls, whatever order a search goes in. */
final class Rising implements Progress {

    private final Progress progress;
    private double top;

    Rising(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void at(double fraction) {
        top = Math.max(top, fraction);
        progress.at(top);
    }

    /** Says again how far it is. */
    void again() {
        progress.at(top);
    }
}
