package dev.sonde.spark;

import dev.sonde.api.SondeException;
import dev.sonde.engine.ShardCarrier;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.immutable.Range$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Carries shards by one Spark job a stage, a task a shard. */
final class SparkCarrier implements ShardCarrier {
  private static final String OLD_JAVA = "UnsupportedClassVersionError";

  private final JavaSparkContext spark;
  private final String home;
  private final int processors;

  /**
   * A carrier.
   *
   * @param home the installation of Sonde on executors
   * @param processors of a task
   */
  SparkCarrier(JavaSparkContext spark, String home, int processors) {
    this.spark = spark;
    this.home = home;
    this.processors = processors;
  }

  /** What the job says, to be heard on the thread that waits. */
  private record Event(int task, List<byte[]> frames, Optional<Throwable> problem) {
    static Event answered(int task, List<byte[]> frames) {
      return new Event(task, frames, Optional.empty());
    }

    static Event end(Optional<Throwable> problem) {
      return new Event(-1, List.of(), problem);
    }
  }

  @Override
  public void carry(
      byte[] assignment, List<byte[]> tasks, BiConsumer<Integer, List<byte[]>> answered) {
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Thread job =
        Thread.ofPlatform().daemon().name("sonde-job").start(() -> run(assignment, tasks, events));
    boolean done = false;
    try {
      Event event = events.take();
      while (event.task() >= 0) {
        answered.accept(event.task(), event.frames());
        event = events.take();
      }
      if (event.problem().isPresent()) {
        throw failure(event.problem().get());
      }
      done = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SondeException("interrupted while Spark computes", e);
    } finally {
      if (!done) {
        spark.sc().cancelAllJobs();
        job.interrupt();
      }
    }
  }

  private void run(byte[] assignment, List<byte[]> tasks, BlockingQueue<Event> events) {
    try {
      JavaRDD<byte[]> each = spark.parallelize(tasks, tasks.size());
      ClassTag<List<byte[]>> frames = ClassTag$.MODULE$.apply(List.class);
      spark
          .sc()
          .runJob(
              each.rdd(),
              new ExecutorTask(home, processors, assignment),
              Range$.MODULE$.apply(0, tasks.size()),
              new AbstractFunction2<Object, List<byte[]>, BoxedUnit>() {
                @Override
                public BoxedUnit apply(Object task, List<byte[]> answer) {
                  events.add(Event.answered((Integer) task, List.copyOf(answer)));
                  return BoxedUnit.UNIT;
                }
              },
              frames);
      events.add(Event.end(Optional.empty()));
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      events.add(Event.end(Optional.of(e)));
    }
  }

  /** Spark's message holds the last of four attempts, and a trace behind it. */
  private static SondeException failure(Throwable problem) {
    String message = String.valueOf(problem.getMessage());
    if (message.contains(OLD_JAVA)) {
      return new SondeException(
          "an executor runs on a Java older than 25; set JAVA_HOME on that machine", problem);
    }
    String[] lines = message.lines().limit(2).toArray(String[]::new);
    return new SondeException("Spark gave up a shard: " + String.join(" ", lines), problem);
  }
}
