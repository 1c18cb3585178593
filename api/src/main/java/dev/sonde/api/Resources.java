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

  private Resources(Builder builder) {
    this.cache = builder.cache;
    this.threads = builder.threads;
    this.device = builder.device;
    this.heapBytes = builder.heapBytes;
    this.deviceBytes = builder.deviceBytes;
  }

  /**
   * A builder that starts with one thread of the processor and says nothing of memory.
   *
   * @param cache a folder for files that can be made again, such as unpacked native libraries; it
   *     may not exist yet
   */
  public static Builder builder(Path cache) {
    return new Builder(cache);
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

  /** Collects resources. */
  public static final class Builder {
    private final Path cache;
    private int threads = 1;
    private String device = CPU;
    private long heapBytes;
    private long deviceBytes;

    private Builder(Path cache) {
      this.cache = cache;
    }

    /** Sets how many threads at once. */
    public Builder threads(int atOnce) {
      this.threads = atOnce;
      return this;
    }

    /** Names the device. */
    public Builder device(String name) {
      this.device = name;
      return this;
    }

    /** Sets the memory, in bytes. */
    public Builder memory(long heap, long ofDevice) {
      this.heapBytes = heap;
      this.deviceBytes = ofDevice;
      return this;
    }

    /** The resources. */
    public Resources build() {
      return new Resources(this);
    }
  }
}
