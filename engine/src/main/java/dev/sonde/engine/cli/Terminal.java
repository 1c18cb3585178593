package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * The screen: results on stdout, everything else on stderr. On a terminal progress is one line that
 * is written over; elsewhere only a change of work is said, line by line.
 */
final class Terminal implements Sonde.Listener {
  private static final int BAR = 24;
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean interactive;
  private final boolean colours;
  private String work = "";
  private long drawnAt;
  private boolean lineOpen;

  private Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colours) {
    this.out = out;
    this.err = err;
    this.interactive = interactive;
    this.colours = colours;
  }

  static Terminal of(PrintWriter out, PrintWriter err) {
    boolean interactive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Terminal(out, err, interactive, interactive && System.getenv("NO_COLOR") == null);
  }

  /** A screen that is no terminal. */
  static Terminal plain(PrintWriter out, PrintWriter err) {
    return new Terminal(out, err, false, false);
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  boolean interactive() {
    return interactive;
  }

  Ansi ansi() {
    return colours ? Ansi.ON : Ansi.OFF;
  }

  /** Text in picocli's markup, {@code @|bold …|@}. */
  String styled(String markup) {
    return ansi().string(markup);
  }

  /** A text of others without what a terminal would take for a command. */
  static String harmless(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "�");
  }

  void error(String message) {
    clearLine();
    err.println(ansi().string("@|bold,red error:|@ ") + harmless(message));
    err.flush();
  }

  /** Ends the process: what a plugin did outside every exception cannot be waited for. */
  @Override
  public void stopped(String plugin, String what) {
    error("plugin '%s' %s".formatted(plugin, what));
    out.flush();
    Runtime.getRuntime().halt(ExitCode.PLUGIN);
  }

  @Override
  public void warning(String message) {
    clearLine();
    err.println(ansi().string("@|bold,yellow warning:|@ ") + harmless(message));
    err.flush();
  }

  @Override
  public void progress(String text, long done, long total) {
    String what = harmless(text);
    boolean fresh = !what.equals(work);
    work = what;
    if (!interactive) {
      if (fresh) {
        err.println(what);
        err.flush();
      }
      return;
    }
    long now = System.nanoTime();
    if (fresh || now - drawnAt > REDRAW_NANOS) {
      drawnAt = now;
      err.print(CLEAR_LINE + what + bar(done, total));
      err.flush();
      lineOpen = true;
    }
  }

  private static String bar(long done, long total) {
    if (total <= 0) {
      return " …";
    }
    int filled = (int) Math.min(BAR, BAR * done / total);
    return " [%s%s] %d/%d".formatted("█".repeat(filled), "·".repeat(BAR - filled), done, total);
  }

  /** Ends a progress line, so that what follows stands on its own. */
  void clearLine() {
    if (lineOpen) {
      err.print(CLEAR_LINE);
      err.flush();
      lineOpen = false;
    }
  }
}
