package dev.sonde.engine.plugin;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Notices what no exception tells: a plugin that ends the process, and one that makes no progress.
 * Neither can be prevented inside the process, but whoever listens can say which plugin it was.
 */
public final class Guard implements AutoCloseable {
  private static final Duration LONGEST_NAP = Duration.ofSeconds(5);
  private static final int NAPS_A_LIMIT = 10;

  private final Activity activity;
  private final Duration limit;
  private final BiConsumer<String, String> stopped;
  private final Thread hook = new Thread(this::goingDown, "sonde-exit");
  private final Thread watch = new Thread(this::watch, "sonde-watchdog");

  private Guard(Activity activity, Duration limit, BiConsumer<String, String> stopped) {
    this.activity = activity;
    this.limit = limit;
    this.stopped = stopped;
  }

  /**
   * Watches calls of plugins.
   *
   * @param limit how long a plugin may be called without a sign of progress; zero: for ever
   * @param stopped hears which plugin it was and what it did, on a thread of the guard, once
   */
  public static Guard over(Activity activity, Duration limit, BiConsumer<String, String> stopped) {
    Guard guard = new Guard(activity, limit, stopped);
    Runtime.getRuntime().addShutdownHook(guard.hook);
    if (limit.isPositive()) {
      guard.watch.setDaemon(true);
      guard.watch.start();
    }
    return guard;
  }

  private void watch() {
    Duration nap = limit.dividedBy(NAPS_A_LIMIT);
    try {
      while (true) {
        Thread.sleep(nap.compareTo(LONGEST_NAP) < 0 ? nap : LONGEST_NAP);
        Optional<Activity.Stall> stall = activity.stalledFor(limit);
        if (stall.isPresent()) {
          stopped.accept(
              stall.get().plugin(),
              "has made no progress for %s s; it is at %s"
                  .formatted(limit.toSeconds(), place(stall.get().thread().getStackTrace())));
          return;
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** The process goes down: by a plugin, if a thread stands in System.exit under one. */
  private void goingDown() {
    for (Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet()) {
      StackTraceElement[] stack = each.getValue();
      for (int i = 0; i < stack.length; i++) {
        if (isExit(stack[i])) {
          StackTraceElement[] callers = Arrays.copyOfRange(stack, i + 1, stack.length);
          culprit(each.getKey(), callers)
              .ifPresent(
                  plugin ->
                      stopped.accept(
                          plugin,
                          "ended the process: System.exit at "
                              + place(callers)
                              + wayOut(each.getKey(), plugin)));
          break;
        }
      }
    }
  }

  /** Where it ends whatever is started, what can be done about it. */
  private static String wayOut(Thread thread, String plugin) {
    return thread.getName().startsWith(PluginLoader.LOADING)
        ? "; rename its folder to %s%s to go on without it"
            .formatted(plugin, PluginLoader.DISABLED_SUFFIX)
        : "";
  }

  private static boolean isExit(StackTraceElement frame) {
    return frame.getClassName().equals(Runtime.class.getName())
        && frame.getMethodName().equals("exit");
  }

  /** A signal has no caller; the launcher's own exit comes after all calls of plugins. */
  private Optional<String> culprit(Thread thread, StackTraceElement[] callers) {
    boolean fromOwn =
        Arrays.stream(callers)
            .filter(frame -> !isOfTheJdk(frame))
            .findFirst()
            .map(frame -> String.valueOf(frame.getModuleName()).equals("dev.sonde.launcher"))
            .orElse(false);
    return fromOwn ? Optional.empty() : activity.on(thread).or(activity::latest);
  }

  /** The first place in a stack that is not the JDK's. */
  static String place(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .filter(frame -> !isOfTheJdk(frame))
        .findFirst()
        .map(
            frame ->
                "%s.%s(%s:%d)"
                    .formatted(
                        frame.getClassName(),
                        frame.getMethodName(),
                        frame.getFileName(),
                        frame.getLineNumber()))
        .orElse("an unknown place");
  }

  private static boolean isOfTheJdk(StackTraceElement frame) {
    String module = String.valueOf(frame.getModuleName());
    return module.startsWith("java.") || module.startsWith("jdk.");
  }

  @Override
  public void close() {
    watch.interrupt();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is going down already
    }
  }
}
