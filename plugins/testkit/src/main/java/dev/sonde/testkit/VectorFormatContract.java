package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.probe.VectorFormat.Directions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every format of direction files keeps to. */
public abstract class VectorFormatContract extends ExtensionContract {
  private static final int BLOCKS = 4;
  private static final int WIDTH = 6;
  private static final HookPoint NO_MATRIX = HookPoint.parse("no.such.point");

  /** A folder for the test. */
  @TempDir protected Path folder;

  /** For sub-classes. */
  protected VectorFormatContract() {}

  @Override
  protected abstract VectorFormat factory();

  /** Whether files are written as well; otherwise {@link #example} gives one to be read. */
  protected boolean writes() {
    return true;
  }

  /**
   * Writes a file of the format by other means; called where the format is only read.
   *
   * @return what it holds
   */
  protected Directions example(Path file) throws IOException {
    throw new UnsupportedOperationException("override it where writes() is false: " + file);
  }

  private Path file() {
    return folder.resolve("a." + factory().name());
  }

  /** Directions at the outputs of all blocks that the format holds. */
  private Directions directions() {
    Map<HookPoint, float[]> vectors = new LinkedHashMap<>();
    for (int block = 0; block < BLOCKS; block++) {
      HookPoint point = HookPoint.of(block, HookPoint.RESID_POST);
      if (factory().holds(point)) {
        float[] vector = new float[WIDTH];
        for (int c = 0; c < WIDTH; c++) {
          vector[c] = (block + 1) * 0.1f - c * 1.7e-3f;
        }
        vectors.put(point, vector);
      }
    }
    return Directions.of(vectors, Map.of("method", "a test"));
  }

  private Directions written() throws IOException {
    if (!writes()) {
      return example(file());
    }
    Directions directions = directions();
    factory().write(file(), directions);
    return directions;
  }

  @Test
  void itKnowsItsFilesByTheirEnding() {
    assertThat(factory().reads(file()))
        .as("reads() says that %s is in the format", file().getFileName())
        .isTrue();
    assertThat(factory().reads(folder.resolve("a.unheard-of")))
        .as("reads() claims a.unheard-of; test the ending")
        .isFalse();
  }

  @Test
  void whatIsReadIsWhatTheFileHolds() throws IOException {
    Directions expected = written();
    Directions read = factory().read(file());
    assertThat(read.vectors().keySet())
        .as("hook points that were read")
        .isEqualTo(expected.vectors().keySet());
    expected
        .vectors()
        .forEach(
            (point, vector) ->
                assertThat(read.vectors().get(point))
                    .as("the direction at %s, to the last bit", point)
                    .containsExactly(vector));
  }

  @Test
  void aFileInTheWayIsReplaced() throws IOException {
    if (writes()) {
      Files.writeString(file(), "something else, and longer than what comes: " + "x".repeat(9_999));
      whatIsReadIsWhatTheFileHolds();
    }
  }

  @Test
  void theSameDirectionsAreTheSameBytes() throws IOException {
    if (writes()) {
      written();
      byte[] first = Files.readAllBytes(file());
      written();
      assertThat(Files.readAllBytes(file()))
          .as("the bytes of the same directions written again: no time, no order by chance")
          .isEqualTo(first);
    }
  }

  @Test
  void whatItDoesNotHoldOrWriteIsRefused() {
    if (!writes()) {
      assertThatThrownBy(() -> factory().write(file(), directions()))
          .as("writing throws an UnsupportedCapabilityException where writes() is false")
          .isInstanceOf(UnsupportedCapabilityException.class);
    } else if (!factory().holds(NO_MATRIX)) {
      Directions other = Directions.of(Map.of(NO_MATRIX, new float[WIDTH]), Map.of());
      assertThatThrownBy(() -> factory().write(file(), other))
          .as(
              "writing a direction at %s, which holds() denies, throws an UnsupportedCapabilityException"
                  + " that names it",
              NO_MATRIX)
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining(NO_MATRIX.name());
    }
  }

  @Test
  void aMalformedFileIsRefusedByName() throws IOException {
    Files.writeString(file(), "this is no direction file");
    assertThatThrownBy(() -> factory().read(file()))
        .as("reading what is no direction file throws an InvalidInputException that names the file")
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(file().getFileName().toString());
  }

  @Test
  void aFileThatWasCutOffIsRefused() throws IOException {
    written();
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length * 2 / 3));
    assertThatThrownBy(() -> factory().read(file()))
        .as("reading two thirds of a file throws an InvalidInputException")
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    if (writes()) {
      Path nowhere = folder.resolve("absent").resolve("a." + factory().name());
      assertThatThrownBy(() -> factory().write(nowhere, directions()))
          .as("writing into a folder that is not there throws an InvalidInputException")
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
