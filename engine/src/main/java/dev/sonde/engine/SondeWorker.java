package dev.sonde.engine;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.SondeException;
import dev.sonde.engine.run.ShardService;
import dev.sonde.engine.worker.Assignment;
import dev.sonde.engine.worker.Frame;
import dev.sonde.engine.worker.HandOut;
import dev.sonde.engine.worker.Remark;
import dev.sonde.engine.worker.Replies;
import dev.sonde.engine.worker.ShardAnswer;
import dev.sonde.engine.worker.TaskForm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Logger;

/** A process that computes shards of runs that others conduct, see docs/scale.md. */
public final class SondeWorker {
  private static final long NANOS_BETWEEN_SIGNS = 1_000_000_000;

  private final Replies replies;
  private final Runnable end;

  /**
   * A worker.
   *
   * @param answers what it answers is written there, frame by frame
   * @param end ends the process at once; called when a plugin does what no exception tells, and
   *     when nobody wants what is computed any more
   */
  public SondeWorker(OutputStream answers, Runnable end) {
    this.replies = new Replies(answers);
    this.end = end;
  }

  /**
   * Computes what it is told until there is no more. What goes wrong is answered, not thrown.
   *
   * @param home the distribution
   * @param environment variables such as SONDE_PLUGINS and SONDE_CACHE
   * @param tasks whose shards, then shard by shard
   */
  public void serve(Path home, Map<String, String> environment, InputStream tasks) {
    Logger.getLogger("").addHandler(replies.logging());
    try {
      Assignment assignment =
          Assignment.of(
              Frame.read(tasks)
                  .orElseThrow(() -> new InvalidInputException("a worker was told nothing")),
              EngineVersion.text());
      try (Sonde sonde = Sonde.open(home, environment, assignment.pluginFolders(), new Signs());
          ShardService service = sonde.shards(assignment)) {
        service.serve(tasks, replies, end);
      }
    } catch (SondeException | IOException e) {
      replies.send(ShardAnswer.refused(e));
    }
  }

  /**
   * Computes a part of the shards that a run handed out: every {@code parts}-th, beginning with the
   * {@code part}-th. Those that are there already are not computed again.
   *
   * @param run the run's folder
   * @param part from 1
   * @param parts how many there are
   * @return how many shards the part has
   * @throws InvalidInputException if the run has handed out nothing, or there is no such part
   * @throws SondeException if a shard cannot be computed
   */
  public static int compute(
      Path home,
      Map<String, String> environment,
      Path run,
      int part,
      int parts,
      Sonde.Listener listener) {
    if (part < 1 || part > parts) {
      throw new InvalidInputException(
          "--shards %d/%d: write I/N with I from 1 to N".formatted(part, parts));
    }
    HandOut handed = HandOut.read(run, EngineVersion.text());
    int computed = 0;
    try (Sonde sonde =
            Sonde.open(home, environment, handed.assignment().pluginFolders(), listener);
        ShardService service = sonde.shards(handed.assignment())) {
      for (int task = part - 1; task < handed.tasks().size(); task += parts) {
        listener.progress("computing shards", task, handed.tasks().size());
        service.compute(TaskForm.task(handed.tasks().get(task)));
        computed++;
      }
    }
    return computed;
  }

  /** Tells the conductor that work goes on, now and then. */
  private final class Signs implements Sonde.Listener {
    private long last = System.nanoTime();

    @Override
    public synchronized void progress(String what, long done, long total) {
      long now = System.nanoTime();
      if (now - last > NANOS_BETWEEN_SIGNS) {
        last = now;
        replies.send(Remark.progress(what));
      }
    }

    @Override
    public void warning(String text) {
      replies.send(Remark.warning(text));
    }

    @Override
    public void stopped(String plugin, String what) {
      replies.send(Remark.stopped("plugin '%s' %s".formatted(plugin, what)));
      end.run();
    }
  }
}
