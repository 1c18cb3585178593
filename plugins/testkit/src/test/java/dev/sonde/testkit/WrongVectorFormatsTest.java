package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.VectorFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A format that keeps the contract passes it; each way of breaking it fails a check. */
class WrongVectorFormatsTest {
  @Test
  void everyCheckCanFail() {
    assertThat(Verdicts.neverFailed(Right.class)).isEmpty();
  }

  @Test
  void aFormatThatKeepsTheContractPasses() {
    Verdicts verdicts = Verdicts.of(Right.class);
    assertThat(verdicts.failed()).isEmpty();
    assertThat(verdicts.passed()).hasSize(11);
  }

  @Test
  void aFormatThatRoundsFails() {
    assertThat(Verdicts.of(Rounding.class).failed()).contains("whatIsReadIsWhatTheFileHolds");
  }

  @Test
  void aFormatThatAppendsFails() {
    assertThat(Verdicts.of(Appending.class).failed())
        .contains("aFileInTheWayIsReplaced", "theSameDirectionsAreTheSameBytes");
  }

  @Test
  void aFormatThatTakesEverythingFails() {
    assertThat(Verdicts.of(Obliging.class).failed())
        .contains("itKnowsItsFilesByTheirEnding", "whatItDoesNotHoldOrWriteIsRefused");
  }

  @Test
  void aFormatThatReadsWhatIsBrokenFails() {
    assertThat(Verdicts.of(Lenient.class).failed())
        .contains("aMalformedFileIsRefusedByName", "aFileThatWasCutOffIsRefused");
  }

  @Test
  void aFormatThatLetsExceptionsOfFilesThroughFails() {
    assertThat(Verdicts.of(Bare.class).failed()).contains("aFolderThatIsNotThereIsRefused");
  }

  /** A line {@code POINT NUMBERS…} for each vector, and a last one {@code end}. */
  private static class Lines implements VectorFormat {
    @Override
    public String name() {
      return "lines";
    }

    @Override
    public String summary() {
      return "a line for each vector";
    }

    @Override
    public boolean reads(Path file) {
      return file.toString().endsWith(".lines");
    }

    @Override
    public boolean holds(HookPoint point) {
      return point.site().equals(HookPoint.RESID_POST);
    }

    @Override
    public Directions read(Path file) {
      try {
        List<String> lines = Files.readAllLines(file);
        if (!lines.getLast().equals("end")) {
          throw new InvalidInputException(file + ": does not end in 'end'");
        }
        return parsed(lines);
      } catch (IOException e) {
        throw new InvalidInputException(file + ": " + e, e);
      }
    }

    Directions parsed(List<String> lines) {
      Map<HookPoint, float[]> vectors = new LinkedHashMap<>();
      for (String line : lines.subList(0, lines.size() - 1)) {
        String[] words = line.split(" ");
        float[] vector = new float[words.length - 1];
        for (int c = 0; c < vector.length; c++) {
          vector[c] = Float.parseFloat(words[c + 1]);
        }
        vectors.put(HookPoint.parse(words[0]), vector);
      }
      return Directions.of(vectors, Map.of());
    }

    String number(float value) {
      return Float.toString(value);
    }

    void check(Directions directions) {
      for (HookPoint point : directions.vectors().keySet()) {
        if (!holds(point)) {
          throw new UnsupportedCapabilityException("lines hold no " + point);
        }
      }
    }

    @Override
    public void write(Path file, Directions directions) {
      check(directions);
      Map<String, String> lines = new TreeMap<>();
      directions
          .vectors()
          .forEach(
              (point, vector) -> {
                StringBuilder line = new StringBuilder(point.name());
                for (float value : vector) {
                  line.append(' ').append(number(value));
                }
                lines.put(point.name(), line.toString());
              });
      try {
        put(file, String.join("\n", lines.values()) + "\nend\n");
      } catch (IOException e) {
        throw new InvalidInputException(file + ": " + e, e);
      }
    }

    void put(Path file, String text) throws IOException {
      Files.writeString(file, text);
    }
  }

  private abstract static class Contract extends VectorFormatContract {}

  static class Right extends Contract {
    @Override
    protected VectorFormat factory() {
      return new Lines();
    }
  }

  static class Rounding extends Contract {
    @Override
    protected VectorFormat factory() {
      return new Lines() {
        @Override
        String number(float value) {
          return String.valueOf(Math.round(value * 1_000) / 1_000f);
        }
      };
    }
  }

  static class Appending extends Contract {
    @Override
    protected VectorFormat factory() {
      return new Lines() {
        @Override
        void put(Path file, String text) throws IOException {
          Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
      };
    }
  }

  static class Obliging extends Contract {
    @Override
    protected VectorFormat factory() {
      return new Lines() {
        @Override
        public boolean reads(Path file) {
          return true;
        }

        @Override
        void check(Directions directions) {}
      };
    }
  }

  static class Lenient extends Contract {
    @Override
    protected VectorFormat factory() {
      return new Lines() {
        @Override
        public Directions read(Path file) {
          try {
            return super.read(file);
          } catch (InvalidInputException e) {
            return Directions.of(Map.of(), Map.of());
          }
        }
      };
    }
  }

  static class Bare extends Contract {
    @Override
    protected VectorFormat factory() {
      return new Lines() {
        @Override
        void put(Path file, String text) throws IOException {
          try {
            super.put(file, text);
          } catch (NoSuchFileException e) {
            throw new IllegalStateException(e);
          }
        }
      };
    }
  }
}
