package dev.sonde.engine.plugin;

import dev.sonde.api.Plugin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Writes the source of a small plugin, compiles it and packs it into a plugin folder. */
final class FixturePlugin {
  private final String id;
  private String requires = "";
  private String constructor = "";
  private String staticInitialiser = "";
  private String nativeGroup = "";
  private String apiVersion = "";
  private String member = "";
  private final List<FixtureLibrary> libraries = new ArrayList<>();
  private boolean provides = true;
  private boolean second;

  private FixturePlugin(String id) {
    this.id = id;
  }

  static FixturePlugin named(String id) {
    return new FixturePlugin(id);
  }

  FixturePlugin requiring(String module) {
    requires = module;
    return this;
  }

  FixturePlugin constructor(String body) {
    constructor = body;
    return this;
  }

  FixturePlugin staticInitialiser(String body) {
    staticInitialiser = body;
    return this;
  }

  /** Adds a method to its class. */
  FixturePlugin member(String method) {
    member += method;
    return this;
  }

  /** Puts a library into its folder. */
  FixturePlugin withLibrary(FixtureLibrary library) {
    libraries.add(library);
    return this;
  }

  /** Its {@code toString} is the {@code answer()} of a class of its libraries. */
  FixturePlugin calling(String type) {
    return member("public String toString() { return %s.answer(); }".formatted(type));
  }

  FixturePlugin claiming(String group) {
    nativeGroup = group;
    return this;
  }

  FixturePlugin compiledAgainst(String version) {
    apiVersion = version;
    return this;
  }

  FixturePlugin withoutProvider() {
    provides = false;
    return this;
  }

  FixturePlugin withSecondProvider() {
    second = true;
    return this;
  }

  /** Writes the api that this test runs with, which is a jar once it was packaged. */
  static void copyApi(Path jar) throws IOException {
    Path api = apiClasses();
    if (Files.isDirectory(api)) {
      jar(jar, api);
    } else {
      Files.copy(api, jar);
    }
  }

  /** The classes of the api that this test runs with. */
  static Path apiClasses() {
    return classesOf(Plugin.class);
  }

  private static Path classesOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes {@code parent/ID/ID.jar} and gives the folder. */
  Path writeTo(Path parent) throws IOException {
    Path work = Files.createTempDirectory("fixture-plugin");
    Path sources = Files.createDirectories(work.resolve("src"));
    String name = "fixture." + id.replace('-', '.');
    Path types = Files.createDirectories(sources.resolve(name.replace('.', '/')));
    List<String> providers = new ArrayList<>(List.of("First"));
    if (second) {
      providers.add("Second");
    }
    for (String type : providers) {
      Files.writeString(types.resolve(type + ".java"), source(name, type));
    }
    Files.writeString(sources.resolve("module-info.java"), moduleInfo(name, providers));
    Path classes = work.resolve("classes");
    Path api = apiClasses();
    if (!apiVersion.isEmpty()) {
      api = reversionedApi(work.resolve("other-api"));
    }
    List<Path> path = new ArrayList<>(List.of(api, classesOf(NullMarked.class)));
    List<Path> classPath = new ArrayList<>();
    Path folder = Files.createDirectories(parent.resolve(id));
    for (FixtureLibrary library : libraries) {
      Path jar = library.writeTo(folder, Files.createTempDirectory(work, "library"));
      (library.isModule() ? path : classPath).add(jar);
    }
    boolean brought = libraries.stream().anyMatch(library -> library.is(requires));
    if (!requires.isEmpty() && !brought) {
      path.add(library(work.resolve("library")));
    }
    compile(sources, classes, path, classPath, "1.2.3", name);
    if (!nativeGroup.isEmpty()) {
      Path description = classes.resolve("META-INF/sonde/plugin.properties");
      Files.createDirectories(description.getParent());
      Files.writeString(description, "native.group=" + nativeGroup);
    }
    jar(folder.resolve(id + ".jar"), classes);
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    return folder;
  }

  private String source(String packageName, String type) {
    return """
        package %s;
        public final class %s implements dev.sonde.api.Plugin {
          static { %s }
          public %s() { %s }
          public String id() { return "%s"; }
          %s
        }
        """
        .formatted(packageName, type, staticInitialiser, type, constructor, id, member);
  }

  private String moduleInfo(String name, List<String> providers) {
    String implementations =
        String.join(", ", providers.stream().map(type -> name + "." + type).toList());
    return """
        module %s {
          requires dev.sonde.api;
          %s
          %s
        }
        """
        .formatted(
            name,
            requires.isEmpty() ? "" : "requires " + requires + ";",
            provides ? "provides dev.sonde.api.Plugin with " + implementations + ";" : "");
  }

  /** An api of another version: as much of it as a plugin without factories compiles against. */
  private Path reversionedApi(Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src/dev/sonde/api"));
    Files.writeString(
        sources.resolve("Plugin.java"),
        "package dev.sonde.api; public interface Plugin { String id(); }");
    Files.writeString(
        folder.resolve("src/module-info.java"), "module dev.sonde.api { exports dev.sonde.api; }");
    compile(folder.resolve("src"), folder.resolve("classes"), List.of(), apiVersion);
    return folder.resolve("classes");
  }

  /** The module that is required, to compile against only. */
  private Path library(Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src"));
    Files.writeString(sources.resolve("module-info.java"), "module " + requires + " {}");
    compile(sources, folder.resolve("classes"), List.of(), "1");
    return folder.resolve("classes");
  }

  static void compile(Path sources, Path classes, List<Path> path, String version)
      throws IOException {
    compile(sources, classes, path, List.of(), version, "");
  }

  private static void compile(
      Path sources,
      Path classes,
      List<Path> path,
      List<Path> classPath,
      String version,
      String readsPlain)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-d", classes.toString(), "--module-version", version));
    if (!classPath.isEmpty()) {
      arguments.add("--class-path");
      arguments.add(String.join(":", classPath.stream().map(Path::toString).toList()));
      arguments.add("--add-reads");
      arguments.add(readsPlain + "=ALL-UNNAMED");
    }
    if (!path.isEmpty()) {
      arguments.add("--module-path");
      arguments.add(String.join(":", path.stream().map(Path::toString).toList()));
    }
    try (Stream<Path> files = Files.walk(sources)) {
      files.filter(f -> f.toString().endsWith(".java")).forEach(f -> arguments.add(f.toString()));
    }
    run("javac", arguments);
  }

  static void jar(Path jar, Path classes) {
    run("jar", List.of("--create", "--file", jar.toString(), "-C", classes.toString(), "."));
  }

  private static void run(String tool, List<String> arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (PrintWriter writer = new PrintWriter(output, true, StandardCharsets.UTF_8)) {
      int code =
          ToolProvider.findFirst(tool)
              .orElseThrow()
              .run(writer, writer, arguments.toArray(String[]::new));
      if (code != 0) {
        throw new UncheckedIOException(
            new IOException(tool + ": " + output.toString(StandardCharsets.UTF_8)));
      }
    }
  }
}
