/**
 * Benchmarks, compiled only with the Maven profile {@code benchmarks}. To run all of JMH's, or those whose name matches:
 *
 * <pre>{@code
 * mvn -Pbenchmarks test-compile
 * java -cp target/classes:target/test-classes:$(cat target/benchmarks.classpath) org.openjdk.jmh.Main AssignmentBenchmark
 * }</pre>
 *
 * <p>{@link org.basinlab.benchmark.MatchingTimes} times the same work as {@code src/bench/python/plain_matching.py}, without
 * JMH, by the same class path.
 */
@NullMarked
package org.basinlab.benchmark;

import org.jspecify.annotations.NullMarked;
