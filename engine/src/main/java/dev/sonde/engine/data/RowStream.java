package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.SondeException;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.api.data.DatasetFactory.Row;
import dev.sonde.api.data.Example;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.host.MissingFile;
import dev.sonde.engine.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Rows of a file, or of standard input, some at a time. None is kept, so that memory does not grow
 * with them; a thread reads ahead by two parts. Ids are taken as they are and may stand twice.
 */
public final class RowStream implements AutoCloseable {
  /** Rows of one part. */
  public static final int ROWS = 512;

  private static final int AHEAD = 2;
  private static final Path STANDARD_INPUT = Path.of("/dev/stdin");
  private static final List<DatasetFactory> OWN =
      List.of(new JsonLines(), new CommaSeparated(), new PlainLines());

  /** What the reading thread hands over: rows, or the end with what ended it. */
  private record Part(List<Read> rows, boolean last, Optional<RuntimeException> failure) {}

  /** A row as it was read. */
  private record Read(Columns row, String id, Prompt.Fed fed) {}

  private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(AHEAD);
  private final Thread reader;
  private final Wanted wanted;
  private boolean ended;

  /**
   * What is wanted of a row.
   *
   * @param config the {@code data:} section: how a row becomes a text, and which rows are used
   * @param answer a column whose text follows the prompt verbatim
   * @param assistant whether the turns of the model in a conversation are to be told
   */
  public record Wanted(ConfigView config, Optional<String> answer, boolean assistant) {}

  /**
   * A row as the model is fed it.
   *
   * @param example with the whole text
   * @param from where each part that counts begins in the text, in UTF-16 units; empty where all of
   *     it counts
   * @param to after each part's end
   */
  public record Streamed(Example example, int[] from, int[] to) {}

  private RowStream(Wanted wanted, Consumer<Consumer<Row>> source, Path file) {
    this.wanted = wanted;
    this.reader =
        Thread.ofPlatform()
            .daemon()
            .name("rows of " + file)
            .unstarted(() -> read(source, file, Prompt.of(wanted.config())));
  }

  /**
   * Opens a source; reading begins.
   *
   * @param path a file of a format that is read, or {@code -} for standard input
   * @param format {@code jsonl}, {@code csv}, {@code text} or that of a plugin; empty to go by the
   *     name, which of standard input is JSONL
   * @throws InvalidInputException if there is no such file or no reader for it
   */
  public static RowStream open(
      String path, Optional<String> format, Wanted wanted, PluginRegistry plugins) {
    boolean standard = path.equals("-");
    Path file = standard ? STANDARD_INPUT : Path.of(path);
    if (!standard && !Files.exists(file)) {
      throw new InvalidInputException(MissingFile.message(file));
    }
    String named = format.orElse(standard ? "jsonl" : "");
    RowReaders readers = new RowReaders(OWN, plugins);
    RowStream stream =
        new RowStream(
            wanted,
            readers
                .of(file, named)
                .orElseThrow(
                    () ->
                        new InvalidInputException(
                            "%s: no reader takes it; say which with --format: %s"
                                .formatted(file, readers.names()))),
            file);
    stream.reader.start();
    return stream;
  }

  private void read(Consumer<Consumer<Row>> source, Path file, Prompt prompt) {
    List<Read> some = new ArrayList<>();
    try {
      RowFilter filter = RowFilter.of(wanted.config());
      source.accept(
          row -> {
            Columns columns = new Columns(file, row);
            if (filter.lets(columns)) {
              String id = columns.has("id") ? columns.text("id") : String.valueOf(row.line());
              some.add(new Read(columns, id, prompt.read(columns)));
              if (some.size() == ROWS) {
                put(new Part(List.copyOf(some), false, Optional.empty()));
                some.clear();
              }
            }
          });
      put(new Part(List.copyOf(some), true, Optional.empty()));
    } catch (Stopped closed) {
      return;
    } catch (RuntimeException | LinkageError e) {
      RuntimeException told =
          e instanceof SondeException known
              ? known
              : new InvalidInputException("%s: cannot be read: %s".formatted(file, e), e);
      try {
        put(new Part(List.of(), true, Optional.of(told)));
      } catch (Stopped closed) {
        return;
      }
    }
  }

  /** Nobody wants more rows. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped() {
      super("closed", null, false, false);
    }
  }

  private void put(Part part) {
    try {
      parts.put(part);
    } catch (InterruptedException e) {
      throw new Stopped();
    }
  }

  /**
   * The next rows, at most {@value #ROWS}; none at the end.
   *
   * @throws InvalidInputException naming file and line of what is wrong
   */
  public List<Streamed> next(Chat chat) {
    List<Streamed> rows = new ArrayList<>();
    while (rows.isEmpty() && !ended) {
      Part part;
      try {
        part = parts.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InvalidInputException("interrupted", e);
      }
      ended = part.last();
      if (part.failure().isPresent()) {
        throw part.failure().get();
      }
      part.rows().forEach(read -> rows.add(streamed(read, chat)));
    }
    return rows;
  }

  private Streamed streamed(Read read, Chat chat) {
    RowExample example = read.fed().example(read.row(), read.id(), chat);
    if (wanted.answer().isPresent()) {
      int from = example.text().length();
      String whole = example.text() + read.row().text(wanted.answer().get());
      return new Streamed(
          new RowExample(read.row(), read.id(), whole, example.specialTokens()),
          new int[] {from},
          new int[] {whole.length()});
    }
    if (!wanted.assistant()) {
      return new Streamed(example, new int[0], new int[0]);
    }
    if (!(read.fed() instanceof Prompt.Messages messages)) {
      throw read.row().problem("turns of the model are those of conversations: name data.messages");
    }
    List<Prompt.Range> ranges = Prompt.assistant(read.row(), messages, example.text(), chat);
    if (ranges.isEmpty()) {
      throw read.row().problem("the conversation has no turn of the model");
    }
    return new Streamed(
        example,
        ranges.stream().mapToInt(Prompt.Range::from).toArray(),
        ranges.stream().mapToInt(Prompt.Range::to).toArray());
  }

  /** Ends the reading. */
  @Override
  public void close() {
    reader.interrupt();
  }
}
