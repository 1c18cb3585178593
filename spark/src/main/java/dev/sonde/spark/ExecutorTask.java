package dev.sonde.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Has one frame answered by a worker of the executor on which it runs. */
final class ExecutorTask extends AbstractFunction2<TaskContext, Iterator<byte[]>, List<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 1;

  private final String home;
  private final int processors;
  private final byte[] assignment;

  ExecutorTask(String home, int processors, byte[] assignment) {
    this.home = home;
    this.processors = processors;
    this.assignment = assignment;
  }

  /**
   * The frames that come for a task.
   *
   * @throws UncheckedIOException if the worker dies over it: Spark tries the task again
   */
  @Override
  public List<byte[]> apply(TaskContext context, Iterator<byte[]> tasks) {
    byte[] task = tasks.next();
    try {
      Optional<ExecutorChild> kept = ExecutorChildren.HERE.take(assignment);
      ExecutorChild child = kept.isPresent() ? kept.get() : ExecutorChild.start(home, processors);
      if (kept.isEmpty()) {
        ExecutorChild.Answer ready = child.ask(assignment);
        if (ready.failed()) {
          child.end();
          return new ArrayList<>(ready.frames());
        }
      }
      ExecutorChild.Answer answer = child.ask(task);
      ExecutorChildren.HERE.keep(child, assignment);
      return new ArrayList<>(answer.frames());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
