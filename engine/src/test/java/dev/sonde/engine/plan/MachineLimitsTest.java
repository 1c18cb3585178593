package dev.sonde.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.engine.host.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineLimitsTest {
  private static final long MIB = 1L << 20;
  private static final Path STORE = Path.of("cache", "activations");
  private static final Path OUT = Path.of("runs", "first");

  @TempDir Path folder;

  @Test
  void whatFitsHasNoObstacles() {
    ResourceDemand demand =
        new ResourceDemand(model(50, 50), List.of(memory(99)), STORE, 60, OUT, 40);
    assertThat(room(100 * MIB, 100 * MIB, 200 * MIB).obstacles(demand)).isEmpty();
  }

  @Test
  void matricesBeyondTheLimitOfTheJvmAreRefusedWithWhatToChange() {
    ResourceDemand demand = new ResourceDemand(List.of(), List.of(memory(101)), STORE, 0, OUT, 0);
    assertThat(room(100 * MIB, 100 * MIB, 900 * MIB).obstacles(demand))
        .singleElement()
        .asString()
        .contains(
            "probe 'direction' needs 101.0 MiB",
            "the JVM allows 100.0 MiB",
            "fewer layers",
            "tokens: last",
            "data.limit",
            "-XX:MaxDirectMemorySize");
  }

  @Test
  void matricesBesideTheModelMustFitTheMachine() {
    MachineLimits room = room(500 * MIB, 500 * MIB, 300 * MIB);
    ResourceDemand alone =
        new ResourceDemand(model(0, 100), List.of(memory(200)), STORE, 0, OUT, 0);
    ResourceDemand tight =
        new ResourceDemand(model(0, 101), List.of(memory(200)), STORE, 0, OUT, 0);
    assertThat(room.obstacles(alone)).isEmpty();
    assertThat(room.obstacles(tight))
        .singleElement()
        .asString()
        .contains("beside 101.0 MiB for the model", "300.0 MiB free");
  }

  @Test
  void anEvaluationBeyondTheHeapIsRefused() {
    MachineLimits room = room(100 * MIB, 500 * MIB, 900 * MIB);
    Memory probe = new Memory("direction", 4, 10 * MIB, false, 0, 101 * MIB, 0, Memory.LESS);
    assertThat(room.obstacles(new ResourceDemand(model(0, 100), List.of(probe), STORE, 0, OUT, 0)))
        .singleElement()
        .asString()
        .contains("101.0 MiB of the Java heap", "grow to 100.0 MiB", "-Xmx", "data.limit");
  }

  @Test
  void aModelBeyondHeapOrMachineIsRefused() {
    MachineLimits room = room(100 * MIB, 100 * MIB, 300 * MIB);
    assertThat(room.obstacles(new ResourceDemand(model(101, 0), List.of(), STORE, 0, OUT, 0)))
        .singleElement()
        .asString()
        .contains("-Xmx", "another backend");
    assertThat(room.obstacles(new ResourceDemand(model(0, 301), List.of(), STORE, 0, OUT, 0)))
        .singleElement()
        .asString()
        .contains("a smaller model");
  }

  @Test
  void storeAndRunOnOneDiskMustFitTogether() {
    ResourceDemand demand = new ResourceDemand(List.of(), List.of(), STORE, 80, OUT, 30);
    MachineLimits apart = new MachineLimits(0, 0, 0, OptionalLong.empty(), new Disks(100, false));
    MachineLimits together = new MachineLimits(0, 0, 0, OptionalLong.empty(), new Disks(100, true));
    assertThat(apart.obstacles(demand)).isEmpty();
    assertThat(together.obstacles(demand))
        .singleElement()
        .asString()
        .contains("on the same disk", "sonde store gc", "SONDE_CACHE");
  }

  @Test
  void aFullDiskOfTheRunFolderIsRefusedByName() {
    ResourceDemand demand = new ResourceDemand(List.of(), List.of(), STORE, 0, OUT, 101);
    MachineLimits room = new MachineLimits(0, 0, 0, OptionalLong.empty(), new Disks(100, false));
    assertThat(room.obstacles(demand)).singleElement().asString().contains("--out", "101 B");
  }

  @Test
  void theStoreMayNotGrowBeyondItsLimit() throws IOException {
    Path store = folder.resolve("activations");
    Path chunk = store.resolve("a".repeat(32)).resolve("b".repeat(32) + ".safetensors");
    Files.createDirectories(chunk.resolveSibling(""));
    Files.write(chunk, new byte[60]);
    MachineLimits room = new MachineLimits(0, 0, 0, OptionalLong.of(100), new Disks(1_000, false));
    ResourceDemand fits = new ResourceDemand(List.of(), List.of(), store, 40, OUT, 0);
    ResourceDemand grows = new ResourceDemand(List.of(), List.of(), store, 41, OUT, 0);
    room.require(fits);
    assertThatThrownBy(() -> room.require(grows))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("holds 60 B and would grow by 41 B, over its limit of 100 B")
        .hasMessageContaining("sonde store gc");
  }

  @Test
  void theRealMachineIsMeasured() {
    MachineLimits room = MachineLimits.here(new Folders(folder, List.of(), folder, Map.of()));
    assertThat(room.heap()).isPositive();
    assertThat(room.direct()).isPositive();
    assertThat(room.machine()).isPositive();
    assertThat(room.disks().free(folder.resolve("not/there/yet"))).isPositive();
    assertThat(room.disks().disk(folder.resolve("not/there/yet")))
        .isEqualTo(room.disks().disk(folder));
  }

  private static MachineLimits room(long heap, long direct, long machine) {
    return new MachineLimits(heap, direct, machine, OptionalLong.empty(), new Disks(100, true));
  }

  private static List<ModelInfo> model(long heap, long outside) {
    return List.of(ModelInfo.of("llama", "0").memory(heap * MIB, outside * MIB));
  }

  private static Memory memory(long mebibytes) {
    return new Memory("direction", 4, mebibytes * MIB, false, 0, 0, 0, Memory.LESS);
  }

  /** Disks with as much free space each; a store's may be that of everything. */
  private record Disks(long bytes, boolean one) implements MachineLimits.Disks {
    @Override
    public Object disk(Path path) {
      return one ? "one" : path;
    }

    @Override
    public long free(Path path) {
      return bytes;
    }
  }
}
