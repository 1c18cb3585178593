package dev.sonde.engine.plugin;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The jars of a plugin's folder.
 *
 * @param modules module name to reference, of jars that can be modules
 * @param modular jars that can be modules
 * @param plain jars of {@code lib/} and jars whose name is no module name
 */
record PluginJars(Map<String, ModuleReference> modules, List<Path> modular, List<Path> plain) {
  private static final String API = "dev.sonde.api";

  /** All of them, in order. */
  List<Path> all() {
    return Stream.concat(modular.stream(), plain.stream()).sorted().toList();
  }

  /** Lists and reads the jars of a folder. */
  static PluginJars scan(Path folder) throws PluginFailure {
    PluginJars jars = new PluginJars(new HashMap<>(), new ArrayList<>(), new ArrayList<>());
    for (Path jar : jarsIn(folder)) {
      Set<ModuleReference> found;
      try {
        found = ModuleFinder.of(jar).findAll();
      } catch (FindException e) {
        if (isReadableJar(jar)) {
          jars.plain.add(jar);
          continue;
        }
        throw new PluginFailure(
            Stage.SCAN, jar.getFileName() + " is not a readable jar", "copy the file again");
      }
      for (ModuleReference module : found) {
        ModuleReference twin = jars.modules.put(module.descriptor().name(), module);
        if (twin != null) {
          throw new PluginFailure(
              Stage.SCAN,
              "module %s is in two jars: %s and %s"
                  .formatted(
                      module.descriptor().name(), PluginEntry.fileName(twin), jar.getFileName()),
              "keep one of them");
        }
      }
      jars.modular.add(jar);
    }
    jars.plain.addAll(jarsIn(folder.resolve("lib")));
    if (jars.all().isEmpty()) {
      throw new PluginFailure(
          Stage.SCAN, "the folder holds no jar", "put the plugin's jars into " + folder);
    }
    if (jars.modules.containsKey(API)) {
      throw new PluginFailure(
          Stage.SCAN,
          PluginEntry.fileName(jars.modules.get(API)) + " is a copy of " + API,
          "remove it: the api comes from Sonde itself");
    }
    return jars;
  }

  private static List<Path> jarsIn(Path folder) throws PluginFailure {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new PluginFailure(
          Stage.SCAN, "cannot be listed: " + e.getMessage(), "check the folder's permissions");
    }
  }

  private static boolean isReadableJar(Path jar) {
    try (var zip = new ZipFile(jar.toFile())) {
      return zip.size() >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}
