package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.SondeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Runs searches side by side, each as straight-line code in a virtual thread of its own. A search
 * that asks waits; once every search waits or has ended, all that was asked is one request. Its
 * order is that of the searches, however their threads were scheduled.
 *
 * @param <Q> what a search asks for
 */
final class Rounds<Q> {
  private final Consumer<List<Q>> request;

  /**
   * Rounds of requests.
   *
   * @param request does what was asked; called in the thread that calls {@link #run} only
   */
  Rounds(Consumer<List<Q>> request) {
    this.request = request;
  }

  /** A search that may ask. */
  @FunctionalInterface
  interface Search<Q, R> {
    R run(Asking<Q> asking);
  }

  /** Where a search asks. */
  @FunctionalInterface
  interface Asking<Q> {
    /** Returns once a request has done everything that was asked. */
    void ask(List<Q> questions);
  }

  /**
   * Runs all searches to their ends. None of them outlives this call: if one of them fails, if a
   * request does, or if this thread is interrupted, the others are stopped where they wait.
   *
   * @return their results, in their order
   */
  <R> List<R> run(List<Search<Q, R>> searches) {
    List<Line<Q, R>> lines = new ArrayList<>();
    try {
      for (Search<Q, R> search : searches) {
        lines.add(Line.start(search, "search-" + lines.size()));
      }
      List<Line<Q, R>> waiting = waiting(lines);
      while (!waiting.isEmpty()) {
        request.accept(waiting.stream().flatMap(line -> line.questions().stream()).toList());
        waiting.forEach(Line::goOn);
        waiting = waiting(waiting);
      }
      return lines.stream().map(Line::result).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SondeException("interrupted", e);
    } finally {
      lines.forEach(Line::stop);
      lines.forEach(Line::join);
    }
  }

  /** Those of some lines that ask, once each of them has asked or ended. */
  private static <Q, R> List<Line<Q, R>> waiting(List<Line<Q, R>> lines)
      throws InterruptedException {
    List<Line<Q, R>> waiting = new ArrayList<>();
    for (Line<Q, R> line : lines) {
      if (line.asks()) {
        waiting.add(line);
      }
    }
    return waiting;
  }

  /** A search in its thread. The semaphores hand each field over from one thread to the other. */
  private static final class Line<Q, R> implements Asking<Q> {
    private final FutureTask<R> task;
    private final Thread thread;
    private final Semaphore askedOrEnded = new Semaphore(0);
    private final Semaphore answered = new Semaphore(0);
    private List<Q> questions = List.of();
    private volatile boolean stopped;

    private Line(Search<Q, R> search, String name) {
      this.task =
          new FutureTask<>(() -> search.run(this)) {
            @Override
            protected void done() {
              askedOrEnded.release();
            }
          };
      this.thread = Thread.ofVirtual().name(name).unstarted(task);
    }

    static <Q, R> Line<Q, R> start(Search<Q, R> search, String name) {
      Line<Q, R> line = new Line<>(search, name);
      line.thread.start();
      return line;
    }

    @Override
    public void ask(List<Q> asked) {
      requireNotStopped();
      questions = asked;
      askedOrEnded.release();
      answered.acquireUninterruptibly();
      requireNotStopped();
    }

    private void requireNotStopped() {
      if (stopped) {
        throw new CancellationException("the searches were stopped");
      }
    }

    /** Whether it asks and waits; throws what it threw if it failed. */
    boolean asks() throws InterruptedException {
      askedOrEnded.acquire();
      if (task.state() != Future.State.FAILED) {
        return !task.isDone();
      }
      throw switch (task.exceptionNow()) {
        case RuntimeException e -> e;
        case Error e -> throw e;
        case Throwable e -> new IllegalStateException(e);
      };
    }

    List<Q> questions() {
      return questions;
    }

    void goOn() {
      answered.release();
    }

    R result() {
      return task.resultNow();
    }

    void stop() {
      stopped = true;
      answered.release();
    }

    /** Waits for the thread's end, which is near: it does not wait for anything any more. */
    void join() {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
