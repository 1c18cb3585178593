package dev.sonde.engine.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A jar that a plugin brings: one class with one method, as a module or not. */
final class FixtureLibrary {
  private final String module;
  private String type = "";
  private String answer = "";
  private String file;

  private FixtureLibrary(String module) {
    this.module = module;
    this.file = module + ".jar";
  }

  /** A library that is a module. */
  static FixtureLibrary module(String name) {
    return new FixtureLibrary(name);
  }

  /** A library that is none. */
  static FixtureLibrary plain() {
    return new FixtureLibrary("");
  }

  /** Sets its class and what that answers. */
  FixtureLibrary with(String className, String said) {
    type = className;
    answer = said;
    return this;
  }

  /** Sets its place in the plugin's folder. */
  FixtureLibrary in(String path) {
    file = path;
    return this;
  }

  boolean isModule() {
    return !module.isEmpty();
  }

  boolean is(String name) {
    return isModule() && module.equals(name);
  }

  /** Compiles it into a plugin's folder. */
  Path writeTo(Path folder, Path work) throws IOException {
    String packageName = type.substring(0, type.lastIndexOf('.'));
    Path sources = Files.createDirectories(work.resolve("src"));
    Files.writeString(
        sources.resolve(type.substring(type.lastIndexOf('.') + 1) + ".java"),
        "package %s; public final class %s { public static String answer() { return \"%s\"; } }"
            .formatted(packageName, type.substring(type.lastIndexOf('.') + 1), answer));
    if (isModule()) {
      Files.writeString(
          sources.resolve("module-info.java"),
          "module %s { exports %s; }".formatted(module, packageName));
    }
    Path classes = work.resolve("classes");
    FixturePlugin.compile(sources, classes, List.of(), "1");
    Path jar = folder.resolve(file);
    Files.createDirectories(jar.getParent());
    FixturePlugin.jar(jar, classes);
    return jar;
  }
}
