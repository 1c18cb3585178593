package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Settings;
import dev.sonde.api.data.DatasetFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader that keeps the contract passes it; each way of breaking it fails a check. */
class WrongDatasetsTest {
  @Test
  void everyCheckCanFail() {
    assertThat(Verdicts.neverFailed(Right.class)).isEmpty();
  }

  @Test
  void aReaderThatKeepsTheContractPasses() {
    assertThat(Verdicts.of(Right.class).failed()).isEmpty();
    assertThat(Verdicts.of(Right.class).passed()).hasSize(10);
  }

  @Test
  void aReaderThatClaimsEveryFileFails() {
    assertThat(Verdicts.of(Greedy.class).failed()).containsOnly("itKnowsItsFilesByNameAndNoOthers");
  }

  @Test
  void aReaderThatLosesTheOrderFails() {
    assertThat(Verdicts.of(Reversed.class).failed())
        .containsOnly("everyRowIsReadInOrder", "everyRowSaysOnWhichLineItBegins");
  }

  @Test
  void aReaderThatNumbersItsRowsFromTheHeaderFails() {
    assertThat(Verdicts.of(Headed.class).failed()).isEmpty();
    assertThat(Verdicts.of(Miscounting.class).failed())
        .containsOnly("everyRowSaysOnWhichLineItBegins");
  }

  @Test
  void aReaderThatLeavesItsFileOpenFails() {
    assertThat(Verdicts.of(Leaking.class).failed())
        .containsOnly("theFileIsClosedAgainAlsoWhereItIsRefused");
  }

  @Test
  void aReaderThatLeavesOnlyTheFileOpenThatItRefusesFails() {
    assertThat(Verdicts.of(LeakingWhenRefusing.class).failed())
        .containsOnly("theFileIsClosedAgainAlsoWhereItIsRefused");
  }

  @Test
  void aReaderThatGivesAnotherAnswerEachTimeFails() {
    assertThat(Verdicts.of(Drifting.class).failed()).contains("theSameFileGivesTheSameRows");
  }

  @Test
  void aReaderThatTakesWhatIsMalformedFails() {
    assertThat(Verdicts.of(Lenient.class).failed())
        .containsOnly("whatIsMalformedIsRefusedByFileAndLine");
  }

  @Test
  void aReaderThatLetsExceptionsOfFilesThroughFails() {
    assertThat(Verdicts.of(Bare.class).failed()).containsOnly("aFileThatIsNotThereIsRefusedByName");
  }

  @Test
  void aReaderThatCannotBeNamedOrExplainedFails() {
    assertThat(Verdicts.of(Nameless.class).failed())
        .containsOnly(
            "itsNameCanStandInAnExperimentFile",
            "itsSummaryIsOneLine",
            "everySettingIsExplainedOnceAndItsDefaultIsOneOfItsChoices");
  }

  /** Lines {@code key=value}, a row each. */
  private static class Pairs implements DatasetFactory {
    @Override
    public String name() {
      return "pairs";
    }

    @Override
    public String summary() {
      return "a pair on each line";
    }

    @Override
    public boolean reads(Path file) {
      return file.toString().endsWith(".pairs");
    }

    @Override
    public void read(Path file, Consumer<Row> rows) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        rows.accept(row(file, i + 1, lines.get(i)));
      }
    }

    List<String> lines(Path file) {
      try {
        return Files.readAllLines(file);
      } catch (IOException e) {
        throw new InvalidInputException(file + ": " + e, e);
      }
    }

    Row row(Path file, int number, String line) {
      String[] parts = line.split("=", 2);
      if (parts.length < 2) {
        throw new InvalidInputException(file + ":" + number + ": is no pair");
      }
      return new Row(number, Map.of(parts[0], parts[1]));
    }
  }

  private abstract static class Contract extends DatasetContract {
    @Override
    protected String fileName() {
      return "some.pairs";
    }

    @Override
    protected String content() {
      return "a=1\nb=2\nc=3\n";
    }

    @Override
    protected List<Map<String, Object>> rows() {
      return List.of(Map.of("a", "1"), Map.of("b", "2"), Map.of("c", "3"));
    }

    @Override
    protected String malformed() {
      return "a=1\nnothing\n";
    }

    @Override
    protected int malformedLine() {
      return 2;
    }
  }

  static class Right extends Contract {
    @Override
    protected DatasetFactory factory() {
      return new Pairs();
    }
  }

  static class Greedy extends Contract {
    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        public boolean reads(Path file) {
          return true;
        }
      };
    }
  }

  static class Reversed extends Contract {
    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        public void read(Path file, Consumer<Row> rows) {
          List<Row> all = new ArrayList<>();
          super.read(file, all::add);
          Collections.reverse(all);
          all.forEach(rows);
        }
      };
    }
  }

  static class Drifting extends Contract {
    private int reads;

    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        Row row(Path file, int number, String line) {
          return new Row(number, Map.of("read", String.valueOf(reads++)));
        }
      };
    }
  }

  static class Lenient extends Contract {
    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        Row row(Path file, int number, String line) {
          return super.row(file, number, line.contains("=") ? line : line + "=");
        }
      };
    }
  }

  static class Bare extends Contract {
    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        List<String> lines(Path file) {
          try {
            return Files.readAllLines(file);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };
    }
  }

  /** A line above the pairs says what they are. */
  static class Headed extends Contract {
    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        public void read(Path file, Consumer<Row> rows) {
          List<String> lines = lines(file);
          for (int i = 1; i < lines.size(); i++) {
            rows.accept(row(file, i + 1, lines.get(i)));
          }
        }
      };
    }

    @Override
    protected String content() {
      return "name=number\n" + super.content();
    }
  }

  static class Miscounting extends Headed {
    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        public void read(Path file, Consumer<Row> rows) {
          super.read(
              file,
              row -> {
                if (row.line() > 1) {
                  rows.accept(new Row(row.line() - 1, row.columns()));
                }
              });
        }
      };
    }
  }

  static class Leaking extends Contract {
    private final List<BufferedReader> open = new ArrayList<>();

    BufferedReader opened(Path file) {
      try {
        open.add(Files.newBufferedReader(file));
        return open.getLast();
      } catch (IOException e) {
        throw new InvalidInputException(file + ": " + e, e);
      }
    }

    @AfterEach
    void closeAll() throws IOException {
      for (BufferedReader each : open) {
        each.close();
      }
    }

    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        List<String> lines(Path file) {
          return opened(file).lines().toList();
        }
      };
    }
  }

  static class LeakingWhenRefusing extends Leaking {
    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        public void read(Path file, Consumer<Row> rows) {
          BufferedReader reader = opened(file);
          List<String> lines = reader.lines().toList();
          for (int i = 0; i < lines.size(); i++) {
            rows.accept(row(file, i + 1, lines.get(i)));
          }
          close(reader);
        }

        private void close(BufferedReader reader) {
          try {
            reader.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };
    }
  }

  static class Nameless extends Contract {
    @Override
    protected DatasetFactory factory() {
      return new Pairs() {
        @Override
        public String name() {
          return "My Pairs";
        }

        @Override
        public String summary() {
          return " ";
        }

        @Override
        public Settings settings() {
          return Settings.none().choice("mode", List.of("a", "b"), "c", "A or b.");
        }
      };
    }
  }
}
