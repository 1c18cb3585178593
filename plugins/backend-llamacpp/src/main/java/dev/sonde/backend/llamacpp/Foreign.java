package dev.sonde.backend.llamacpp;

import java.lang.foreign.MemorySegment;

/** How calls of the library are made and texts of it are read. */
final class Foreign {
  private Foreign() {}

  /**
   * A call through a method handle.
   *
   * @param <T> what it gives
   */
  interface Call<T> {
    /** Calls. */
    T run() throws Throwable;
  }

  /** A call through a method handle that gives nothing. */
  interface Command {
    /** Calls. */
    void run() throws Throwable;
  }

  /** Calls; a native function throws nothing, so what is thrown is an error of this program. */
  static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of llama.cpp failed: " + e.getMessage(), e);
    }
  }

  /** Calls; see {@link #call}. */
  static void run(Command command) {
    call(
        () -> {
          command.run();
          return Boolean.TRUE;
        });
  }

  /** A text that ends with a zero; empty for a null pointer. */
  static String text(MemorySegment pointer) {
    return pointer.address() == 0 ? "" : pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }
}
