package dev.sonde.engine.store;

import dev.sonde.api.InvalidInputException;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One chunk on disk, {@code KEY/CHUNK.safetensors}. Its metadata say what it is and where it
 * belongs, and hold a {@link Checksum} of the whole.
 */
final class ChunkFile {
  static final String ENDING = ".safetensors";

  /** The tensor of the rows. */
  static final String ROWS = "rows";

  private static final String FORMAT = "sonde-store-2";
  private static final String WITHOUT_CHECKSUM = "sonde-store-1";
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}\\" + ENDING);

  /** As earlier versions left a chunk unfinished, with the number of their process. */
  private static final Pattern LEFT = Pattern.compile(NAME + "\\.[0-9]+");

  private ChunkFile() {}

  /**
   * Why a chunk is no use.
   *
   * @param earlier whether an earlier version of Sonde wrote it, which gave it no checksum
   * @param what in words
   */
  record Fault(boolean earlier, String what) {
    static Fault damaged(String what) {
      return new Fault(false, what);
    }
  }

  static Path of(Path root, StoreKey key, String chunk) {
    return root.resolve(key.folder()).resolve(chunk + ENDING);
  }

  /** Whether a store gives a finished chunk such a name. */
  static boolean isFinished(Path file) {
    return isIn(file, NAME);
  }

  /** Whether earlier versions gave an unfinished chunk such a name. */
  static boolean isLeft(Path file) {
    return isIn(file, LEFT);
  }

  private static boolean isIn(Path file, Pattern name) {
    return file.getNameCount() > 1
        && KEY.matcher(file.getName(file.getNameCount() - 2).toString()).matches()
        && name.matcher(file.getFileName().toString()).matches();
  }

  /** What the header of a new chunk says, its checksum still open. */
  static Map<String, String> metadata(StoreKey key, String chunk) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("format", FORMAT);
    texts.putAll(key.metadata());
    texts.put("key", key.folder());
    texts.put("chunk", chunk);
    texts.put(Checksum.KEY, Checksum.OPEN);
    return texts;
  }

  /** Reads all of a chunk and says what is wrong with it; empty if nothing is. */
  static Optional<Fault> fault(Path file) {
    Optional<Boolean> fits;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      fits = Checksum.fits(channel);
    } catch (IOException e) {
      return Optional.of(Fault.damaged("cannot be read: " + e));
    }
    if (fits.isPresent() && !fits.get()) {
      return Optional.of(Fault.damaged("its bytes do not fit its checksum"));
    }
    try (Arena arena = Arena.ofConfined()) {
      SafetensorsFile open = SafetensorsFile.open(file, arena);
      if (fits.isEmpty()) {
        return Optional.of(
            WITHOUT_CHECKSUM.equals(open.metadata().get("format"))
                ? new Fault(true, "an earlier version of Sonde wrote it, without a checksum")
                : Fault.damaged("has no checksum"));
      }
      return misplaced(file, open.metadata()).map(Fault::damaged);
    } catch (FormatException e) {
      String what = String.valueOf(e.getMessage()).replace(file + ": ", "");
      return Optional.of(Fault.damaged("is malformed (%s)".formatted(what)));
    }
  }

  /** What a chunk says of itself; nothing where it cannot be read. */
  static Map<String, String> about(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      return Map.copyOf(SafetensorsFile.open(file, arena).metadata());
    } catch (FormatException damaged) {
      return Map.of();
    }
  }

  private static Optional<String> misplaced(Path file, Map<String, String> metadata) {
    if (!FORMAT.equals(metadata.get("format"))) {
      return Optional.of("is of the unknown format " + metadata.get("format"));
    }
    String place = "%s/%s%s".formatted(metadata.get("key"), metadata.get("chunk"), ENDING);
    return file.endsWith(place) ? Optional.empty() : Optional.of("holds what belongs in " + place);
  }

  /**
   * The rows of a chunk, mapped.
   *
   * @throws InvalidInputException if it cannot be read
   */
  static Tensor rows(Path file) {
    try {
      Tensor rows = SafetensorsFile.open(file, Arena.ofAuto()).tensor(ROWS);
      if (rows.dtype() != DType.F32 || rows.shape().size() != 2) {
        throw new FormatException(
            file, "'rows' is %s of shape %s".formatted(rows.dtype(), rows.shape()));
      }
      return rows;
    } catch (FormatException e) {
      throw new InvalidInputException(
          "%s: a stored chunk cannot be read (%s); remove the file and run again"
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
