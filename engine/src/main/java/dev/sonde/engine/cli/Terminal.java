package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * The screen: results on stdout, everything else on stderr. On a terminal progress is one line that
 * is written over; elsewhere only a change of work is said, line by line.
 */
final class Terminal implements Sonde.Listener {
  private static final int BAR = 24;
  private static final long REDRAW_NANOS = 100_000_000;

  /** How often the same work is said again where nothing can be written over. */
  private static final long REPEAT_NANOS = 15_000_000_000L;

  private static final int USUAL_COLUMNS = 80;
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean interactive;
  private final boolean colours;
  private final int columns;
  private final long begun = System.nanoTime();
  private String work = "";
  private long drawnAt;
  private boolean lineOpen;

  private Terminal(
      PrintWriter out, PrintWriter err, boolean interactive, boolean colours, int columns) {
    this.out = out;
    this.err = err;
    this.interactive = interactive;
    this.colours = colours;
    this.columns = columns;
  }

  static Terminal of(PrintWriter out, PrintWriter err) {
    boolean interactive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Terminal(
        out,
        err,
        interactive,
        interactive && System.getenv("NO_COLOR") == null,
        interactive ? columns(System.getenv("COLUMNS")) : Integer.MAX_VALUE);
  }

  /** A screen that is no terminal. */
  static Terminal plain(PrintWriter out, PrintWriter err) {
    return new Terminal(out, err, false, false, Integer.MAX_VALUE);
  }

  /** What the start script found; programs that read a pipe get whole lines. */
  private static int columns(@Nullable String told) {
    return told != null && told.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(told) : USUAL_COLUMNS;
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

  /** Prints a text of others as a paragraph that fits the screen, indented from its second line. */
  void paragraph(String text, int indent) {
    Lines.wrapped(harmless(text), columns, indent).forEach(out::println);
  }

  /** Prints a bold label, and beside it a text of others from a column on. */
  void labelled(String label, String text, int column) {
    String rest = " ".repeat(Math.max(1, column - label.length())) + harmless(text);
    List<String> lines = Lines.wrapped(label + rest, columns, column);
    String first = lines.getFirst();
    out.println(
        first.length() < label.length()
            ? first
            : styled("@|bold " + label + "|@") + first.substring(label.length()));
    lines.stream().skip(1).forEach(out::println);
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
    long now = System.nanoTime();
    if (!interactive) {
      if (fresh || now - drawnAt > REPEAT_NANOS) {
        drawnAt = now;
        err.println(what + " (%s%d s)".formatted(count(done, total), seconds(now)));
        err.flush();
      }
      return;
    }
    if (fresh || now - drawnAt > REDRAW_NANOS) {
      drawnAt = now;
      err.print(CLEAR_LINE + line(what, done, total, seconds(now)));
      err.flush();
      lineOpen = true;
    }
  }

  /** The work with its bar and the time since the start; a narrow screen cuts the work. */
  private String line(String what, long done, long total, long seconds) {
    String bar = bar(done, total) + " %d s".formatted(seconds);
    int room = columns - 1 - bar.length();
    return room < BAR ? Lines.cut(what + bar, columns - 1) : Lines.cut(what, room) + bar;
  }

  private static String bar(long done, long total) {
    if (total <= 0) {
      return " …";
    }
    int filled = (int) Math.min(BAR, BAR * done / total);
    return " [%s%s] %d/%d".formatted("█".repeat(filled), "·".repeat(BAR - filled), done, total);
  }

  private static String count(long done, long total) {
    return total <= 0 ? "" : "%d/%d, ".formatted(done, total);
  }

  private long seconds(long now) {
    return (now - begun) / 1_000_000_000;
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
