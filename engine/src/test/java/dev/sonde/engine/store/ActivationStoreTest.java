package dev.sonde.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationStoreTest {
  private static final int ROWS = 3;
  private static final int WIDTH = 5;

  @TempDir Path root;

  @Test
  void whatIsWrittenIsReadBackAndSound() {
    Path chunk = write(0, "a");
    try (ActivationStore store = ActivationStore.open(root)) {
      assertThat(store.isSound(key(0), name("a"), ROWS)).isTrue();
      assertThat(store.read(key(0), List.of(name("a"))).get(2, 4)).isEqualTo(14);
    }
    assertThat(ChunkFile.fault(chunk)).isEmpty();
  }

  @Test
  void everyFlippedBitOfAChunkIsSeen() throws IOException {
    Path chunk = write(0, "a");
    byte[] whole = Files.readAllBytes(chunk);
    Random random = new Random(1);
    for (int place = 0; place < whole.length; place++) {
      byte[] flipped = whole.clone();
      flipped[place] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      Files.write(chunk, flipped);
      assertThat(ChunkFile.fault(chunk)).as("byte %d of %d", place, whole.length).isPresent();
    }
  }

  @Test
  void aChunkOfOtherRowsOrAnotherKeyIsNotTaken() throws IOException {
    Path first = write(0, "a");
    Path second = write(1, "a");
    Path third = write(0, "b");
    try (ActivationStore store = ActivationStore.open(root)) {
      assertThat(store.isSound(key(0), name("a"), ROWS + 1)).isFalse();
      Files.write(first, Files.readAllBytes(second));
      assertThat(store.isSound(key(0), name("a"), ROWS)).isFalse();
      Files.write(first, Files.readAllBytes(third));
      assertThat(store.isSound(key(0), name("a"), ROWS)).isFalse();
    }
  }

  @Test
  void aKilledWritersChunkIsRemovedByTheFirstRunThatComes() throws IOException {
    Path left =
        Files.createDirectories(root.resolve("unfinished")).resolve("of-another.safetensors");
    Files.write(left, new byte[10]);
    assertThat(StoreUpkeep.size(root)).isEqualTo(10);
    ActivationStore.open(root).close();
    assertThat(left).doesNotExist();
  }

  @Test
  void whileARunIsThereNothingUnfinishedIsRemoved() throws Exception {
    Path left =
        Files.createDirectories(root.resolve("unfinished")).resolve("of-another.safetensors");
    Files.write(left, new byte[10]);
    Process other = new OtherProcess(root.resolve("lock")).start();
    try (ActivationStore store = ActivationStore.open(root)) {
      assertThat(store.has(key(0), name("a"))).isFalse();
      assertThat(left).exists();
    } finally {
      other.destroy();
      other.waitFor();
    }
    assertThatThrownBy(
            () -> {
              try (ActivationStore store = ActivationStore.open(root)) {
                assertThat(left).doesNotExist();
                Process cleanUp = new OtherProcess(root.resolve("lock")).alone().start();
                assertThat(store.has(key(0), name("a"))).isFalse();
                throw new IllegalStateException("refused with " + cleanUp.waitFor());
              }
            })
        .hasMessage("refused with " + OtherProcess.REFUSED);
  }

  @Test
  void aRowThatIsLeftOutLeavesNoFile() {
    try (ActivationStore store = ActivationStore.open(root)) {
      Finishing finishing = new Finishing(store);
      finishing.begin(List.of(store.writer(key(0), name("a"), layout(), WIDTH)));
      assertThatThrownBy(finishing::close).hasMessageContaining("left out 3 of 3 rows");
      assertThat(store.isSound(key(0), name("a"), ROWS)).isFalse();
    }
    assertThat(StoreUpkeep.size(root)).isZero();
  }

  @Test
  void aCleanUpRemovesWhatTheStoreWroteAndNothingElse() throws IOException {
    Path chunk = write(0, "a");
    List<Path> others =
        List.of(
            root.resolve("mine.safetensors"),
            root.resolve("models/model.safetensors"),
            chunk.resolveSibling("mine.safetensors"),
            root.resolve("notes.txt"));
    for (Path other : others) {
      Files.createDirectories(other.resolveSibling(""));
      Files.writeString(other, "mine");
    }
    Path elsewhere = Files.createDirectories(root.resolveSibling(root.getFileName() + "-other"));
    Path linked = Files.move(chunk, elsewhere.resolve(chunk.getFileName()));
    Files.createSymbolicLink(root.resolve("f".repeat(32)), elsewhere);
    Files.createSymbolicLink(chunk, linked);
    Path left = Path.of(write(0, "b") + ".4711");
    Files.write(left, new byte[10]);

    StoreUpkeep.Cleanup done = StoreUpkeep.clean(root, 0);

    assertThat(done.removed()).isEqualTo(2);
    assertThat(done.left()).isZero();
    assertThat(left).doesNotExist();
    assertThat(others).allMatch(Files::exists);
    assertThat(linked).exists();
    Files.delete(linked);
    Files.delete(elsewhere);
  }

  @Test
  void aCheckNamesWhatIsDamagedAndRemovesItOnlyWhenAsked() throws IOException {
    Path sound = write(0, "a");
    Path damaged = write(1, "a");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length - 1]++;
    Files.write(damaged, bytes);
    List<Long> progress = new ArrayList<>();

    StoreUpkeep.Check check = check(false, progress);

    assertThat(check.chunks()).isEqualTo(2);
    assertThat(check.damaged()).containsExactly(damaged + ": its bytes do not fit its checksum");
    assertThat(progress).hasSize(2).startsWith(0L);
    assertThat(damaged).exists();
    assertThat(check(true, progress).damaged()).hasSize(1);
    assertThat(damaged).doesNotExist();
    assertThat(sound).exists();
    assertThat(check(false, progress).damaged()).isEmpty();
  }

  private StoreUpkeep.Check check(boolean remove, List<Long> progress) {
    return StoreUpkeep.check(root, remove, (done, total) -> progress.add(done));
  }

  @Test
  void aStoreThatARunUsesIsNotCleanedUp() throws Exception {
    write(0, "a");
    Process other = new OtherProcess(root.resolve("lock")).start();
    try {
      assertThatThrownBy(() -> StoreUpkeep.clean(root, 0))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("is in use by a run");
      assertThatThrownBy(() -> check(true, new ArrayList<>()))
          .hasMessageContaining("is in use by a run");
      assertThat(check(false, new ArrayList<>()).chunks()).isEqualTo(1);
    } finally {
      other.destroy();
      other.waitFor();
    }
  }

  /** A chunk of the numbers 0, 1, 2, … */
  private Path write(int layer, String chunk) {
    try (ActivationStore store = ActivationStore.open(root);
        Arena arena = Arena.ofConfined()) {
      var cells = arena.allocate(ValueLayout.JAVA_FLOAT, ROWS * WIDTH);
      for (int i = 0; i < ROWS * WIDTH; i++) {
        cells.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      Rows rows =
          Rows.even(read(layer), WIDTH, cells, new int[] {0, 1, 2}, new int[] {0, 0, 0});
      try (Finishing finishing = new Finishing(store)) {
        RowWriter writer = store.writer(key(layer), name(chunk), layout(), WIDTH);
        writer.accept(rows);
        finishing.begin(List.of(writer));
      }
    }
    return ChunkFile.of(root, key(layer), name(chunk));
  }

  private static RowLayout layout() {
    return RowLayout.of(read(0), Stream.generate(() -> new int[2]).limit(ROWS).toList());
  }

  private static String name(String chunk) {
    return chunk.repeat(32);
  }

  private static StoreKey key(int layer) {
    return new StoreKey("0".repeat(64), "fake/fake 1", "float32", read(layer));
  }

  private static Read read(int layer) {
    return Read.of(HookPoint.of(layer, HookPoint.RESID_POST), Selector.last());
  }
}
