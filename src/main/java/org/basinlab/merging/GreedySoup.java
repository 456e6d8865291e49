package org.basinlab.merging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.basinlab.evaluation.Score;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * The greedy soup: networks in falling order of accuracy, of equal ones the first; each stays in the plain mean where its
 * accuracy does not fall by it. The mean of each attempt is finished before it is judged, so what was judged is what comes out.
 *
 * @see <a href="https://arxiv.org/abs/2203.05482">Wortsman et al. 2022, Model soups, recipe 1</a>
 */
final class GreedySoup {

    private final Examples heldOut;
    private final Finish finish;
    private final Progress progress;
    private int scored;
    private int scores;

    /** @param heldOut images by whose accuracy is judged */
    GreedySoup(Examples heldOut, Finish finish, Progress progress) {
        this.heldOut = heldOut;
        this.finish = finish;
        this.progress = progress;
    }

    /**
     * What the soup is.
     *
     * @param members places of the networks that are in it, rising
     */
    record Soup(Weights weights, List<Integer> members) {

        /** Of each of {@code count} networks its weight in the soup. */
        List<Double> shares(int count) {
            return IntStream.range(0, count)
                    .mapToObj(k -> members.contains(k) ? 1.0 / members.size() : 0.0)
                    .toList();
        }
    }

    /** Places of the networks in falling order of accuracy; of equal ones the first comes first. */
    static List<Integer> order(List<Weights> networks, Examples heldOut, Progress progress) {
        List<Double> accuracies = networks.stream()
                .map(network -> Score.of(network, heldOut, progress).accuracy())
                .toList();
        return IntStream.range(0, networks.size())
                .boxed()
                .sorted(Comparator.comparing(accuracies::get, Comparator.reverseOrder()))
                .toList();
    }

    /**
     * Makes it.
     *
     * @param networks as they are to be averaged
     * @param order places of the networks in falling order of accuracy
     */
    Soup of(List<Weights> networks, List<Integer> order) {
        scores = networks.size();
        Soup soup = new Soup(networks.get(order.get(0)), List.of(order.get(0)));
        double best = accuracy(soup.weights);
        for (int k : order.subList(1, order.size())) {
            List<Integer> members = new ArrayList<>(soup.members);
            members.add(k);
            Collections.sort(members);
            Weights mean = mean(networks, members);
            double accuracy = accuracy(mean);
            if (accuracy >= best) {
                soup = new Soup(mean, members);
                best = accuracy;
            }
        }
        return soup;
    }

    private Weights mean(List<Weights> networks, List<Integer> members) {
        List<Weights> averaged = members.stream().map(networks::get).toList();
        List<Double> shares = Collections.nCopies(averaged.size(), 1.0 / averaged.size());
        return finish.of(Averages.mean(averaged), averaged, shares, this::tell);
    }

    private double accuracy(Weights network) {
        double accuracy = Score.of(network, heldOut, this::tell).accuracy();
        scored++;
        return accuracy;
    }

    /** Said of every part of an attempt alike, so that it never falls. */
    private void tell(double fractionOfPart) {
        progress.at((double) scored / scores);
    }
}
