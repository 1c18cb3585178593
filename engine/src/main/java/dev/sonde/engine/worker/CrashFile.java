package dev.sonde.engine.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a Java virtual machine leaves where native code crashed it. */
final class CrashFile {
  private static final String FRAME = "# Problematic frame:";

  private CrashFile() {}

  /**
   * Its name.
   *
   * @param process the process id, or what the virtual machine puts it in place of
   */
  static String name(String process) {
    return "hs_err-%s.log".formatted(process);
  }

  /** The signal and the place, in a line that names the file. */
  static String told(Path file) {
    List<String> lines;
    try {
      lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().limit(40).toList();
    } catch (IOException unreadable) {
      lines = List.of();
    }
    String signal =
        lines.stream()
            .filter(line -> line.startsWith("#  "))
            .findFirst()
            .map(line -> " (%s)".formatted(line.substring(1).strip().split("[ ,]", 2)[0]))
            .orElse("");
    int frame = lines.indexOf(FRAME);
    String place =
        frame < 0 || frame + 1 >= lines.size()
            ? ""
            : " in " + lines.get(frame + 1).substring(1).strip().replaceAll("\\s+", " ");
    return "native code crashed the Java virtual machine%s%s; see %s"
        .formatted(signal, place, file.getFileName());
  }
}
