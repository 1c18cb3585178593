import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Captures by the assembled distribution, each as a process with an empty store. */
final class Sonde {
  private static final Path PROGRAM = Path.of("dist/target/sonde/bin/sonde").toAbsolutePath();

  private final Path folder;
  private final Path model;
  private int count;

  /** What a capture took. */
  record Cost(double seconds, double mebibytes) {}

  Sonde(Path folder, Path model) {
    this.folder = folder;
    this.model = model;
  }

  /** The last token's residual stream at every layer. */
  Cost capture(Path data, List<String> more) throws Exception {
    String name = "capture" + count++;
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(), "capture", "--model", model.toString(), "--data", data.toString(),
                "--text", "text", "--read", "blocks.*.hook_resid_post", "--tokens", "last",
                "--out", folder.resolve(name + ".safetensors").toString()));
    command.addAll(more);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SONDE_CACHE", folder.resolve("cache-" + name).toString());
    builder.environment().putIfAbsent("DJL_CACHE_DIR", folder.resolve("djl").toString());
    Path output = folder.resolve("output");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    long began = System.nanoTime();
    Process process = builder.start();
    Path status = Path.of("/proc/" + process.pid() + "/status");
    long peak = 0;
    while (process.isAlive()) {
      try {
        for (String line : Files.readAllLines(status)) {
          if (line.startsWith("VmHWM")) {
            peak = Math.max(peak, Long.parseLong(line.replaceAll("\\D", "")));
          }
        }
      } catch (IOException gone) {
        break;
      }
      Thread.sleep(5);
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(output));
    }
    return new Cost((System.nanoTime() - began) / 1e9, peak / 1024.0);
  }
}
