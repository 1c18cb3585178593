/**
 * Runs whose shards Apache Spark computes. The driver is a program on the class path beside the
 * engine; on executors there are only the classes whose names begin with {@code Executor}, which
 * need no engine: they pass frames to {@code sonde worker} processes.
 */
@NullMarked
package dev.sonde.spark;

import org.jspecify.annotations.NullMarked;
