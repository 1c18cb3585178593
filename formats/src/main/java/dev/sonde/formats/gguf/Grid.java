package dev.sonde.formats.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Points of four or eight elements each, chosen by the makers of ggml to be far from each other.
 * They are read from {@code grids.bin}, which src/test/python/write_grids.py makes of gguf-py's,
 * one grid behind the other.
 */
enum Grid {
  /** 256 points of IQ2_XXS. */
  IQ2_XXS(0, 8),
  /** 512 points of IQ2_XS. */
  IQ2_XS(2_048, 8),
  /** 1024 points of IQ2_S. */
  IQ2_S(6_144, 8),
  /** 256 points of IQ3_XXS. */
  IQ3_XXS(14_336, 4),
  /** 512 points of IQ3_S. */
  IQ3_S(15_360, 4),
  /** 2048 points of IQ1_S and IQ1_M. */
  IQ1(17_408, 8);

  /** Where its points begin in the file. */
  private final int from;

  private final int width;

  Grid(int from, int width) {
    this.from = from;
    this.width = width;
  }

  /** The elements of all grids, once one is used. */
  private static final class Loaded {
    private static final byte[] ELEMENTS = read();

    private static byte[] read() {
      try (InputStream file = Grid.class.getResourceAsStream("grids.bin")) {
        if (file == null) {
          throw new IllegalStateException("grids.bin is missing from the jar");
        }
        return file.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Writes a point times a factor; elements whose bit is set are negative. */
  void put(int point, float factor, int signs, float[] out, int to) {
    byte[] elements = Loaded.ELEMENTS;
    for (int j = 0; j < width; j++) {
      float value = factor * elements[from + point * width + j];
      out[to + j] = Bits.bit(signs, j) == 0 ? value : -value;
    }
  }

  /** Writes a point, moved by something, times a factor. */
  void putMoved(int point, float factor, float by, float[] out, int to) {
    byte[] elements = Loaded.ELEMENTS;
    for (int j = 0; j < width; j++) {
      out[to + j] = factor * (elements[from + point * width + j] + by);
    }
  }
}
