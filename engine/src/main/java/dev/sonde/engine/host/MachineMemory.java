package dev.sonde.engine.host;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of this process and its machine, in bytes.
 *
 * @param heap to what the Java heap may grow
 * @param direct what the JVM allows outside its heap
 * @param free free memory of the machine; what its file cache would give back counts as free
 */
public record MachineMemory(long heap, long direct, long free) {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";
  private static final long KIBIBYTE = 1024;

  /** What this process may use now. */
  public static MachineMemory here() {
    long heap = Runtime.getRuntime().maxMemory();
    return new MachineMemory(heap, directLimit(heap), freeMemory());
  }

  /** {@code -XX:MaxDirectMemorySize}; without it the JVM takes the limit of the heap. */
  private static long directLimit(long heap) {
    String option =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .getVMOption("MaxDirectMemorySize")
            .getValue();
    long set = Long.parseLong(option);
    return set == 0 ? heap : set;
  }

  private static long freeMemory() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long free = system.getFreeMemorySize();
    if (Files.isReadable(MEMINFO)) {
      try {
        long available =
            Files.readAllLines(MEMINFO).stream()
                .filter(line -> line.startsWith(AVAILABLE))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
                .findFirst()
                .orElse(free);
        // of a container the system tells the total, the file what the machine has
        return Math.min(available, system.getTotalMemorySize());
      } catch (IOException e) {
        return free;
      }
    }
    return free;
  }
}
