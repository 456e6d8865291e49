package org.basinlab.network;

import java.util.Map;
import org.basinlab.recipe.Architecture;

/**
 * Which of a file's tensors are an architecture's.
 *
 * @param theirs the file's names by ours, one for each tensor
 */
record TensorLayout(Architecture architecture, Map<String, String> theirs) {}
