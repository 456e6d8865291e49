package org.basinlab.network;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinlab.recipe.Architecture;

/** One family of networks in the files of PyTorch's users: its tensors' usual names, and its size by their shapes. */
interface Port {

    /** All, in the order in which they are tried. */
    List<Port> ALL = List.of(new MlpPort(), new VggPort(), new ResNetPort(), new VitPort(), new CnnPort());

    /** What messages call it. */
    String family();

    Class<? extends Architecture> architecture();

    /** Our names by the file's, for all of them; a name that means nothing here stays as it is. */
    Map<String, String> ours(Collection<String> theirs);

    /** Whether a file with these tensors, under our names, is meant to be such a network. */
    boolean isMeant(Shapes shapes);

    /**
     * The network of these sizes, whose tensors are still to be compared.
     *
     * @throws SafetensorsException if a size cannot be read
     * @throws IllegalArgumentException if there is no such network
     */
    Architecture read(Shapes shapes);

    /** Each name by itself. */
    static Map<String, String> each(Collection<String> theirs, UnaryOperator<String> rule) {
        Map<String, String> ours = new LinkedHashMap<>();
        theirs.forEach(name -> ours.put(name, rule.apply(name)));
        return ours;
    }

    /** The numbers of modules, which the first group of {@code pattern} holds, rising. */
    static List<Integer> numbers(Collection<String> names, Pattern pattern) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String name : names) {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        return List.copyOf(numbers);
    }
}
