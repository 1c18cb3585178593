package dev.sonde.api;

import java.nio.file.Path;

/** What of the machine a plugin may use. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Resources {
  /** The device of a machine without another: its processor. */
  public static final String CPU = "cpu";

  private final Path cache;
  private final int threads;
  private final String device;
  private final long heapBytes;
  private final long deviceBytes;

  private Resources(Path cache, int threads, String device, long heapBytes, long deviceBytes) {
    this.cache = cache;
    this.threads = threads;
    this.device = device;
    this.heapBytes = heapBytes;
    this.deviceBytes = deviceBytes;
  }

  /**
   * One thread of the processor, with nothing said of memory.
   *
   * @param cache a folder for files that can be made again, such as unpacked native libraries; it
   *     may not exist yet
   */
  public static Resources of(Path cache) {
    return new Resources(cache, 1, CPU, 0, 0);
  }

  /** The same with so many threads at once. */
  public Resources threads(int atOnce) {
    return new Resources(cache, atOnce, device, heapBytes, deviceBytes);
  }

  /** The same on another device. */
  public Resources device(String name) {
    return new Resources(cache, threads, name, heapBytes, deviceBytes);
  }

  /** The same with so much memory, in bytes. */
  public Resources memory(long heap, long ofDevice) {
    return new Resources(cache, threads, device, heap, ofDevice);
  }

  /** How many threads at once. */
  public int threads() {
    return threads;
  }

  /** A folder for files that can be made again; it may not exist yet. */
  public Path cache() {
    return cache;
  }

  /**
   * Where models run: {@link #CPU}, {@code cuda:0} and so on. A backend that has not that device
   * refuses to open a model.
   */
  public String device() {
    return device;
  }

  /** Bytes to which the Java heap may grow; 0 where nobody said. */
  public long heapBytes() {
    return heapBytes;
  }

  /**
   * Bytes of the device's memory that are free; of a processor, those outside the heap; 0 where
   * nobody said.
   */
  public long deviceBytes() {
    return deviceBytes;
  }
}
