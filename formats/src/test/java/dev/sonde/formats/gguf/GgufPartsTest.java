package dev.sonde.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in parts is named by its first file. */
class GgufPartsTest {
  @TempDir Path folder;

  @BeforeEach
  void twoParts() throws IOException {
    part(0, "a");
    part(1, "b");
  }

  @Test
  void theFirstPartHasTheTensorsOfAll() {
    GgufFile whole = GgufFile.openWhole(file(1), Arena.ofAuto());

    assertThat(whole.tensors().keySet()).containsExactly("a", "b");
    assertThat(whole.parts()).containsExactly(file(1), file(2));
    assertThat(Fixtures.floats(whole.tensor("b"))).containsExactly(1, 2);
  }

  @Test
  void anotherPartNamesTheFirst() {
    assertThatThrownBy(() -> GgufFile.openWhole(file(2), Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file(2) + ": is part 2 of the 2 of a model; name the first, tiny-00001-of-00002.gguf");
  }

  @Test
  void aPartThatIsMissingIsNamed() throws IOException {
    Files.delete(file(2));

    assertThatThrownBy(() -> GgufFile.openWhole(file(1), Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file(2) + ": cannot be read");
  }

  @Test
  void partsThatLackATensorAreRefused() throws IOException {
    Files.write(file(2), header(1, 0).padTo(32).toArray());

    assertThatThrownBy(() -> GgufFile.openWhole(file(1), Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessage(file(1) + ": says that its parts have 2 tensors, and they have 1");
  }

  @Test
  void aTensorThatComesTwiceIsRefused() throws IOException {
    part(1, "a");

    assertThatThrownBy(() -> GgufFile.openWhole(file(1), Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessage(file(2) + ": has tensor 'a' of an earlier part");
  }

  private Path file(int number) {
    return folder.resolve("tiny-0000%d-of-00002.gguf".formatted(number));
  }

  private void part(int number, String tensor) throws IOException {
    byte[] bytes =
        header(number, 1).vector(tensor, 2, 0).padTo(32).f32(1).f32(2).padTo(32).toArray();
    Files.write(file(number + 1), bytes);
  }

  private static GgufBytes header(int number, int tensors) {
    return GgufBytes.header(tensors, 3)
        .pair("split.count", 2)
        .pair("split.no", number)
        .pair("split.tensors.count", 2);
  }
}
