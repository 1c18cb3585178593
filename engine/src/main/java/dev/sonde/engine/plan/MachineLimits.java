package dev.sonde.engine.plan;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.MachineMemory;
import dev.sonde.engine.store.StoreUpkeep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run may use, in bytes.
 *
 * @param heap to what the Java heap may grow
 * @param direct what the JVM allows outside its heap
 * @param machine free memory of the machine; what its file cache would give back counts as free
 * @param storeLimit how large the store may grow, where a limit is set
 * @param disks free space by folder
 */
public record MachineLimits(
    long heap, long direct, long machine, OptionalLong storeLimit, Disks disks) {

  /** Free space. */
  public interface Disks {
    /** What identifies the disk of a folder, which need not exist yet. */
    Object disk(Path folder);

    /** Bytes that may be written there. */
    long free(Path folder);
  }

  /** What this process may use now. */
  public static MachineLimits here(Folders folders) {
    MachineMemory memory = MachineMemory.here();
    return new MachineLimits(
        memory.heap(), memory.direct(), memory.free(), folders.storeLimit(), new RealDisks());
  }

  /**
   * Refuses what cannot fit.
   *
   * @throws InvalidInputException saying what to change
   */
  public void require(ResourceDemand demand) {
    List<String> obstacles = obstacles(demand);
    if (!obstacles.isEmpty()) {
      throw new InvalidInputException(String.join("; ", obstacles));
    }
  }

  /** Why something cannot be run, and what to change; empty where it fits. */
  public List<String> obstacles(ResourceDemand demand) {
    List<String> obstacles = new ArrayList<>();
    ofMemory(demand, obstacles);
    ofDisk(demand, obstacles);
    return obstacles;
  }

  private void ofMemory(ResourceDemand demand, List<String> obstacles) {
    long onHeap = demand.models().stream().mapToLong(ModelInfo::heapBytes).sum();
    long outside = demand.models().stream().mapToLong(ModelInfo::nativeBytes).sum();
    if (onHeap > heap) {
      obstacles.add(
          "the model takes %s of the Java heap, which may grow to %s: raise -Xmx in conf/java.args, or use another backend"
              .formatted(Quantity.bytes(onHeap), Quantity.bytes(heap)));
      return;
    }
    if (onHeap + outside > machine) {
      obstacles.add(
          "the model takes %s of memory, and the machine has %s free: free some, or use a smaller model"
              .formatted(Quantity.bytes(onHeap + outside), Quantity.bytes(machine)));
      return;
    }
    for (Memory probe : demand.memory()) {
      if (onHeap + probe.heap() > heap) {
        obstacles.add(
            "probe '%s' needs about %s of the Java heap to evaluate its decoders%s, and it may grow to %s: raise -Xmx in conf/java.args, or %s"
                .formatted(
                    probe.probe(),
                    Quantity.bytes(probe.heap()),
                    onHeap > 0 ? " beside %s for the model".formatted(Quantity.bytes(onHeap)) : "",
                    Quantity.bytes(heap),
                    probe.less()));
      }
      if (probe.needed() > direct) {
        obstacles.add(
            "%s, and the JVM allows %s outside its heap: %s; or raise the limit with a line -XX:MaxDirectMemorySize=SIZE in conf/java.args"
                .formatted(needs(probe), Quantity.bytes(direct), probe.less()));
      } else if (probe.needed() > machine - onHeap - outside) {
        obstacles.add(
            "%s beside %s for the model, and the machine has %s free: %s"
                .formatted(
                    needs(probe),
                    Quantity.bytes(onHeap + outside),
                    Quantity.bytes(machine),
                    probe.less()));
      }
    }
  }

  private static String needs(Memory probe) {
    return "probe '%s' needs %s of memory (%s of activations at %d hook points, %s to evaluate them, %s of its own)"
        .formatted(
            probe.probe(),
            Quantity.bytes(probe.needed()),
            Quantity.bytes(probe.matrices()),
            probe.points(),
            Quantity.bytes(probe.evaluation()),
            Quantity.bytes(probe.own()));
  }

  private void ofDisk(ResourceDemand demand, List<String> obstacles) {
    boolean together = disks.disk(demand.store()).equals(disks.disk(demand.out()));
    long free = disks.free(demand.store());
    long onDisk = demand.storeBytes() + (together ? demand.outBytes() : 0);
    if (onDisk > free) {
      obstacles.add(
          "%s are to be written to the store %s%s, and %s are free there: %s; free space with 'sonde store gc --keep GIB', or name another folder with SONDE_CACHE"
              .formatted(
                  Quantity.bytes(demand.storeBytes()),
                  demand.store(),
                  together
                      ? " and %s to %s on the same disk"
                          .formatted(Quantity.bytes(demand.outBytes()), demand.out())
                      : "",
                  Quantity.bytes(free),
                  Memory.LESS));
    }
    if (!together && demand.outBytes() > disks.free(demand.out())) {
      obstacles.add(
          "%s cannot be written: it needs %s, and %s are free there; free space, or name another place with --out"
              .formatted(
                  demand.out(),
                  Quantity.bytes(demand.outBytes()),
                  Quantity.bytes(disks.free(demand.out()))));
    }
    if (storeLimit.isPresent() && demand.storeBytes() > 0) {
      long there = StoreUpkeep.size(demand.store());
      if (there + demand.storeBytes() > storeLimit.getAsLong()) {
        obstacles.add(
            "the store %s holds %s and would grow by %s, over its limit of %s (SONDE_STORE_LIMIT): %s; remove what was used longest ago with 'sonde store gc --keep GIB', or raise the limit"
                .formatted(
                    demand.store(),
                    Quantity.bytes(there),
                    Quantity.bytes(demand.storeBytes()),
                    Quantity.bytes(storeLimit.getAsLong()),
                    Memory.LESS));
      }
    }
  }

  /** The disks of the machine. */
  private static final class RealDisks implements Disks {
    @Override
    public Object disk(Path folder) {
      Path existing = existing(folder.toAbsolutePath());
      try {
        return Files.getFileStore(existing);
      } catch (IOException e) { // a root that was changed is in no list of what is mounted
        return device(existing);
      }
    }

    private static Object device(Path existing) {
      try {
        return Files.getAttribute(existing, "unix:dev");
      } catch (IOException | UnsupportedOperationException e) {
        throw new InvalidInputException(
            "%s: its disk cannot be told: %s".formatted(existing, e.getMessage()), e);
      }
    }

    /**
     * Asks the file itself: a store is looked up among what is mounted, and may be hidden there.
     */
    @Override
    public long free(Path folder) {
      return existing(folder.toAbsolutePath()).toFile().getUsableSpace();
    }

    private static Path existing(Path folder) {
      return Files.exists(folder)
          ? folder
          : Optional.ofNullable(folder.getParent()).map(RealDisks::existing).orElse(folder);
    }
  }
}
