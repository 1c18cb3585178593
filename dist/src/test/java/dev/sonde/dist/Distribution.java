package dev.sonde.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The assembled distribution, run as a process from a folder of its own. */
final class Distribution {
  static final Path HOME = Path.of("target", "sonde").toAbsolutePath();

  /** Shared by the tests of one build, so that natives are unpacked once. */
  static final Path CACHE = Path.of("target", "cache").toAbsolutePath();

  /** What is compiled against: the boot layer, and the annotations that it is compiled with. */
  static final String COMPILE_PATH = HOME.resolve("lib/boot") + ":" + HOME.resolve("lib/compile");

  private static final int MINUTES = 5;

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final Set<String> removed = new HashSet<>();

  Distribution(Path folder) {
    this.folder = folder;
    environment.put("SONDE_CACHE", CACHE.toString());
    environment.put("SONDE_PLUGINS", folder.resolve("plugins").toString());
    environment.put("NO_COLOR", "1");
  }

  Distribution with(String variable, Object value) {
    environment.put(variable, value.toString());
    return this;
  }

  /** Takes out a variable that this process has. */
  Distribution without(String variable) {
    removed.add(variable);
    return this;
  }

  /** What a command said. */
  record Said(int code, String out, String err) {
    String lastLine() {
      List<String> lines = out.lines().toList();
      return lines.isEmpty() ? "" : lines.getLast();
    }
  }

  Said run(Object... arguments) {
    return process(start(arguments));
  }

  Process start(Object... arguments) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/sonde").toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().putAll(environment);
      builder.environment().keySet().removeAll(removed);
      builder.redirectOutput(folder.resolve("stdout").toFile());
      builder.redirectError(folder.resolve("stderr").toFile());
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Said process(Process process) {
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("still running after " + MINUTES + " minutes");
      }
      return new Said(
          process.exitValue(),
          Files.readString(folder.resolve("stdout"), StandardCharsets.UTF_8),
          Files.readString(folder.resolve("stderr"), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
