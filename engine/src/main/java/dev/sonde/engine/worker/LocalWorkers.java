package dev.sonde.engine.worker;

import dev.sonde.engine.plugin.PluginRequiredException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Workers of this machine, a process each. One that dies is replaced, and its task is tried again;
 * a task that cost {@value #TRIES} of them their lives ends the work.
 */
public final class LocalWorkers implements Carrier {
  /** How many workers may die over one task. */
  static final int TRIES = 4;

  /** In the place of a task: there are no more. */
  private static final int NONE = -1;

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path logs;
  private final List<Seat> seats = new ArrayList<>();
  private boolean someDied;

  /**
   * Workers, of which none is started before there is work.
   *
   * @param count how many
   * @param command how one is started
   * @param environment variables beside those of this process
   * @param logs the folder of what they print; removed at the end unless one died
   */
  public LocalWorkers(int count, List<String> command, Map<String, String> environment, Path logs) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.logs = logs;
    for (int i = 1; i <= count; i++) {
      seats.add(new Seat(logs.resolve(logName(i))));
    }
  }

  /** What the file is called that holds what a worker printed. */
  public static String logName(int worker) {
    return "worker-%d.log".formatted(worker);
  }

  /** Something that happened at a seat, told on the thread that carries. */
  private sealed interface Event {
    record Answered(int task, Frame answer) implements Event {}

    record Heard(Frame remark) implements Event {}

    record Died(int task, String how) implements Event {}

    record Failed(RuntimeException problem) implements Event {}
  }

  /** The place of one worker at a time. */
  private final class Seat {
    private final Path log;
    private volatile Optional<WorkerProcess> worker = Optional.empty();

    Seat(Path log) {
      this.log = log;
    }

    /** Works until there are no more tasks. */
    void work(Work work) {
      try {
        for (int task = work.waiting.take(); task != NONE; task = work.waiting.take()) {
          try {
            work.events.add(new Event.Answered(task, at(work).compute(work.tasks.get(task))));
          } catch (WorkerDiedException e) {
            end();
            work.events.add(new Event.Died(task, String.valueOf(e.getMessage())));
          } catch (RuntimeException e) {
            work.events.add(new Event.Failed(e));
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private WorkerProcess at(Work work) throws WorkerDiedException {
      Optional<WorkerProcess> here = worker;
      if (here.isEmpty()) {
        here =
            Optional.of(
                WorkerProcess.start(
                    command,
                    environment,
                    log,
                    work.assignment,
                    remark -> work.events.add(new Event.Heard(remark))));
        worker = here;
      }
      return here.get();
    }

    void end() {
      worker.ifPresent(WorkerProcess::close);
      worker = Optional.empty();
    }
  }

  /** What is carried in one call. */
  private static final class Work {
    private final Frame assignment;
    private final List<Frame> tasks;
    private final BlockingQueue<Integer> waiting = new LinkedBlockingQueue<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    Work(Frame assignment, List<Frame> tasks) {
      this.assignment = assignment;
      this.tasks = tasks;
      for (int task = 0; task < tasks.size(); task++) {
        waiting.add(task);
      }
    }
  }

  @Override
  public void carry(Frame assignment, List<Frame> tasks, Hearer hearer) {
    Work work = new Work(assignment, tasks);
    List<Thread> threads = new ArrayList<>();
    for (Seat seat : seats.subList(0, Math.min(seats.size(), tasks.size()))) {
      threads.add(Thread.ofPlatform().daemon().name("sonde-worker").start(() -> seat.work(work)));
    }
    boolean done = false;
    try {
      hear(work, hearer);
      done = true;
    } finally {
      work.waiting.clear();
      threads.forEach(thread -> work.waiting.add(NONE));
      if (!done) {
        seats.forEach(Seat::end); // also those that compute
      }
      threads.forEach(LocalWorkers::join);
    }
  }

  private void hear(Work work, Hearer hearer) {
    int[] deaths = new int[work.tasks.size()];
    int answered = 0;
    while (answered < work.tasks.size()) {
      switch (next(work.events)) {
        case Event.Answered(var task, var answer) -> {
          answered++;
          hearer.answered(task, answer);
        }
        case Event.Heard(var remark) -> hearer.heard(remark);
        case Event.Failed(var problem) -> throw problem;
        case Event.Died(var task, var how) -> {
          someDied = true;
          deaths[task]++;
          Frame frame = work.tasks.get(task);
          String shard = TaskForm.name(frame);
          if (!TaskForm.isTriedAgain(frame)) {
            throw new PluginRequiredException(how);
          }
          if (deaths[task] == TRIES) {
            throw new PluginRequiredException(
                "%s has failed %d times; %s".formatted(shard, TRIES, how));
          }
          hearer.heard(Remark.warning("%s; %s is tried again".formatted(how, shard)));
          work.waiting.add(task);
        }
      }
    }
  }

  private static Event next(BlockingQueue<Event> events) {
    try {
      return events.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while workers compute", e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    seats.forEach(Seat::end);
    if (!someDied) {
      try {
        for (Seat seat : seats) {
          Files.deleteIfExists(seat.log);
        }
        Files.deleteIfExists(logs);
      } catch (DirectoryNotEmptyException filled) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
