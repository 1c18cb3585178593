package dev.sonde.formats;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The few lines that Git LFS leaves in the place of a large file that was not fetched. */
public final class LfsPointer {
  private static final byte[] BEGINNING =
      "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);

  private LfsPointer() {}

  /**
   * Refuses a pointer.
   *
   * @param content of the file, or its beginning
   * @throws FormatException saying how the file is fetched, if it is one
   */
  public static void check(Path file, MemorySegment content) {
    MemorySegment pointer = MemorySegment.ofArray(BEGINNING);
    if (content.byteSize() >= BEGINNING.length
        && content.asSlice(0, BEGINNING.length).mismatch(pointer) < 0) {
      throw new FormatException(
          file,
          "is a Git LFS pointer, not the file itself: run 'git lfs pull' in its folder, or download"
              + " it again");
    }
  }

  /** The same of bytes in an array. */
  public static void check(Path file, byte[] content) {
    check(file, MemorySegment.ofArray(content));
  }
}
