package org.basinlab.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.basinlab.assignment.Assignment;
import org.basinlab.assignment.WarmAssignment;
import org.bytedeco.javacpp.DoublePointer;

/**
 * The costs of putting each unit of one layer of a network into each place: minus the inner product of the unit's slices
 * with the sum of the others' slices in that place, over all tensors that the layer orders. They are kept and follow what
 * moves; after {@value #MOST_UPDATES} steps they are made anew, so that roundings, each about 10⁻¹⁶ of a cost, do not add
 * up. Holds memory outside of the heap until closed; used by one thread.
 */
final class LayerCosts implements AutoCloseable {

    private static final int MOST_UPDATES = 64;

    /** Following takes more than products: from this share of the whole product's cost on, all is made anew. */
    private static final double WORTH_FOLLOWING = 0.8;

    private final Population population;
    private final int self;
    private final int layer;
    private final int units;
    private final List<Target> targets = new ArrayList<>();
    private final Optional<LongProducts> longProducts;
    private final double[] fixed;
    private final DoublePointer cells;
    private final WarmAssignment solver;
    private int[][] others;
    private int updates = MOST_UPDATES;
    private boolean solved;

    LayerCosts(Population population, int self, int layer) {
        this.population = population;
        this.self = self;
        this.layer = layer;
        units = population.order(self, layer).length;
        List<TensorView> views = population.views(layer);
        longProducts =
                views.stream().filter(TensorView::isLongAndFixed).findFirst().flatMap(population::longProducts);
        for (int index = 0; index < views.size(); index++) {
            if (!views.get(index).isLongAndFixed()) {
                targets.add(new Target(population, self, layer, index));
            }
        }
        fixed = new double[longProducts.isPresent() ? units * units : 0];
        solver = new WarmAssignment(units);
        others = population.orders(layer);
        cells = new DoublePointer((long) units * units);
    }

    /**
     * Brings the costs up to date.
     *
     * @return whether the present order may not be the best any more: something changed since {@link #solve}
     */
    boolean update() {
        if (updates >= MOST_UPDATES) {
            makeAnew();
        } else {
            follow();
        }
        return !solved;
    }

    /** Some network has other weights now: the next {@link #update} makes all anew. */
    void renew() {
        updates = MOST_UPDATES;
    }

    /** The best order for the costs of the last {@link #update}. */
    Assignment solve() {
        cells.get(costs(), 0, units * units);
        Assignment best = solver.minimise(costs());
        solved = true;
        return best;
    }

    /** The costs of the last {@link #solve}, row-major; to be read only, until another layer of this place is solved. */
    double[] costs() {
        return population.costs(layer);
    }

    private void makeAnew() {
        others = population.orders(layer);
        if (longProducts.isPresent()) {
            longProducts.get().rows(self, others, allPlaces(), fixed);
            double[] negative = costs();
            for (int cell = 0; cell < negative.length; cell++) {
                negative[cell] = -fixed[cell];
            }
            cells.put(negative, 0, negative.length);
        } else {
            Arrays.fill(costs(), 0);
            cells.put(costs(), 0, units * units);
        }
        targets.forEach(target -> target.subtractAll(cells));
        updates = 0;
        solved = false;
    }

    private void follow() {
        int[] rows = Places.differing(others, population.orders(layer), self);
        double whole = 0;
        double parts = 0;
        List<int[]> ownMoves = new ArrayList<>();
        List<int[]> otherMoves = new ArrayList<>();
        for (Target target : targets) {
            int[] own = target.ownMoves();
            int[] other = target.otherMoves();
            ownMoves.add(own);
            otherMoves.add(other);
            whole += (double) units * target.places();
            parts += (double) units * target.depth() * (own.length + other.length)
                    + (double) rows.length * target.places();
        }
        if (parts > WORTH_FOLLOWING * whole) {
            makeAnew();
        } else if (parts > 0) {
            for (int k = 0; k < targets.size(); k++) {
                follow(targets.get(k), ownMoves.get(k), otherMoves.get(k), rows);
            }
            others = population.orders(layer);
            longProducts.ifPresent(products -> followLong(products, rows));
            updates++;
            solved = false;
        }
    }

    private void follow(Target target, int[] ownMoves, int[] otherMoves, int[] rows) {
        if (ownMoves.length > 0) {
            target.followOwn(ownMoves, cells);
        }
        if (otherMoves.length > 0) {
            target.followOthers(otherMoves, cells);
        }
        if (rows.length > 0) {
            target.followRows(rows, cells);
        }
    }

    private void followLong(LongProducts products, int[] rows) {
        if (rows.length == 0) {
            return;
        }
        double[] row = new double[units];
        double[] before = fixed.clone();
        products.rows(self, others, rows, fixed);
        for (int place : rows) {
            cells.position((long) place * units).get(row, 0, units);
            for (int i = 0; i < units; i++) {
                row[i] -= fixed[place * units + i] - before[place * units + i];
            }
            cells.put(row, 0, units);
        }
        cells.position(0);
    }

    private int[] allPlaces() {
        int[] places = new int[units];
        Arrays.setAll(places, i -> i);
        return places;
    }

    @Override
    public void close() {
        cells.close();
    }
}
