package org.basinlab.verdict;

/** What every verdict rests on, fixed before the first result. */
final class Alpha {

    /** The largest chance, in one family of claims, of calling any of them reproduced that is not, and of any contradicted that is not. */
    static final double LEVEL = 0.05;

    private Alpha() {}
}
