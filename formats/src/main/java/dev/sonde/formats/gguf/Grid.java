package dev.sonde.formats.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Points of four or eight elements each, chosen by the makers of ggml to be far from each other.
 * They are read from {@code grids.bin}, which src/test/python/write_grids.py makes of gguf-py's.
 */
enum Grid {
  /** Points of IQ2_XXS. */
  IQ2_XXS(256, 8),
  /** Points of IQ2_XS. */
  IQ2_XS(512, 8),
  /** Points of IQ2_S. */
  IQ2_S(1024, 8),
  /** Points of IQ3_XXS. */
  IQ3_XXS(256, 4),
  /** Points of IQ3_S. */
  IQ3_S(512, 4),
  /** Points of IQ1_S and IQ1_M. */
  IQ1(2048, 8);

  private final int points;
  private final int width;

  Grid(int points, int width) {
    this.points = points;
    this.width = width;
  }

  /** The elements of all grids, once one is used. */
  private static final class Loaded {
    private static final byte[][] ALL = read();

    private static byte[][] read() {
      byte[] bytes;
      try (InputStream file = Grid.class.getResourceAsStream("grids.bin")) {
        if (file == null) {
          throw new IllegalStateException("grids.bin is missing from the jar");
        }
        bytes = file.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      byte[][] all = new byte[values().length][];
      int from = 0;
      for (Grid grid : values()) {
        all[grid.ordinal()] = Arrays.copyOfRange(bytes, from, from + grid.points * grid.width);
        from += grid.points * grid.width;
      }
      return all;
    }
  }

  /** Writes a point times a factor; elements whose bit is set are negative. */
  void put(int point, float factor, int signs, float[] out, int to) {
    byte[] elements = Loaded.ALL[ordinal()];
    for (int j = 0; j < width; j++) {
      float value = factor * elements[point * width + j];
      out[to + j] = Bits.bit(signs, j) == 0 ? value : -value;
    }
  }

  /** Writes a point, moved by something, times a factor. */
  void putMoved(int point, float factor, float by, float[] out, int to) {
    byte[] elements = Loaded.ALL[ordinal()];
    for (int j = 0; j < width; j++) {
      out[to + j] = factor * (elements[point * width + j] + by);
    }
  }
}
