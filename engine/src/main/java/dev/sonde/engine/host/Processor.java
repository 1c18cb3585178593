package dev.sonde.engine.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kind of processor of this machine, on which the last bits of what it computes depend. */
public final class Processor {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final String MODEL = "model name";

  private Processor() {}

  /** The name of this machine, as its network knows it. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "a machine without a name";
    }
  }

  /** Architecture and, where the system tells it, the model. */
  public static String kind() {
    String architecture = System.getProperty("os.arch", "unknown");
    try {
      return architecture
          + Files.readString(CPUINFO, StandardCharsets.ISO_8859_1)
              .lines()
              .filter(line -> line.startsWith(MODEL))
              .map(line -> " " + line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse("");
    } catch (IOException untold) {
      return architecture;
    }
  }
}
