package dev.sonde.dist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A plugin with one probe, compiled against the api of the assembled distribution. */
final class SmallPlugin {
  private final String id;
  private String constructor = "";
  private String run = "";
  private String properties = "";

  SmallPlugin(String id) {
    this.id = id;
  }

  /** What its constructor does. */
  SmallPlugin constructor(String statements) {
    constructor = statements;
    return this;
  }

  /** What its probe, called as the plugin, does when it runs. */
  SmallPlugin run(String statements) {
    run = statements;
    return this;
  }

  /** Says that it brings native code, of a group of its own: it may touch memory. */
  SmallPlugin nativeCode() {
    properties = "native.group=" + id + "\n";
    return this;
  }

  /** Writes {@code parent/ID/ID.jar}. */
  Path writeTo(Path parent) throws IOException {
    Path work = Files.createTempDirectory("small-plugin");
    String name = "small." + id.replace("-", "");
    Path types = Files.createDirectories(work.resolve(name.replace('.', '/')));
    Files.writeString(
        work.resolve("module-info.java"),
        """
        module %s {
          requires dev.sonde.api;
          provides dev.sonde.api.Plugin with %s.Entry;
        }
        """
            .formatted(name, name));
    Files.writeString(types.resolve("Entry.java"), source(name));
    Path classes = work.resolve("classes");
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", classes.toString(), "--module-path", Distribution.COMPILE_PATH));
    try (Stream<Path> files = Files.walk(work)) {
      files.filter(f -> f.toString().endsWith(".java")).forEach(f -> arguments.add(f.toString()));
    }
    tool("javac", arguments);
    if (!properties.isEmpty()) {
      Path place = Files.createDirectories(classes.resolve("META-INF/sonde"));
      Files.writeString(place.resolve("plugin.properties"), properties);
    }
    Path folder = Files.createDirectories(parent.resolve(id));
    tool(
        "jar",
        List.of(
            "--create",
            "--file",
            folder.resolve(id + ".jar").toString(),
            "-C",
            classes.toString(),
            "."));
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    return folder;
  }

  private String source(String packageName) {
    return """
        package %1$s;
        import dev.sonde.api.config.Config;
        import dev.sonde.api.probe.*;
        import java.util.List;
        public final class Entry implements dev.sonde.api.Plugin {
          public Entry() { %3$s }
          @Override public String id() { return "%2$s"; }
          @Override public List<ProbeFactory> probes() { return List.of(new Probes()); }
          static final class Probes implements ProbeFactory {
            @Override public String name() { return "%2$s"; }
            @Override public String summary() { return "a small probe"; }
            @Override public Probe create(Config config) { return new Small(); }
          }
          static final class Small implements Probe {
            @Override public Needs needs(Inputs inputs) {
              return Needs.none();
            }
            @Override public void run(ProbeContext context) { %4$s }
          }
        }
        """
        .formatted(packageName, id, constructor, run);
  }

  private static void tool(String name, List<String> arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (PrintWriter writer = new PrintWriter(output, true, StandardCharsets.UTF_8)) {
      int code =
          ToolProvider.findFirst(name)
              .orElseThrow()
              .run(writer, writer, arguments.toArray(String[]::new));
      if (code != 0) {
        throw new IllegalStateException(name + ": " + output.toString(StandardCharsets.UTF_8));
      }
    }
  }
}
