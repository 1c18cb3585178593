package dev.sonde.engine.plugin;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layer of a plugin: one child-first class loader, whose parent is the layer of the api. It
 * sees the api and the JDK, not the engine and not its siblings.
 */
final class PluginLayer {
  /**
   * Layers with native libraries, by folder: one class loader may load such a library, once in a
   * process, so whoever opens the same plugin again gets the same layer.
   */
  private static final Map<Path, Native> NATIVE = new HashMap<>();

  private PluginLayer() {}

  /**
   * A layer whose native libraries may have been loaded.
   *
   * @param host the layer of the api that it sees
   * @param state of its folder when it was made, see {@link PluginLoader#state}
   */
  private record Native(ModuleLayer host, String state, ModuleLayer layer) {}

  /**
   * The layer of a plugin; one with native libraries is made once in a process.
   *
   * @throws PluginFailure if it cannot be made, or has native libraries and its files changed
   */
  static ModuleLayer of(PluginJars jars, PluginEntry entry, Path folder, ModuleLayer host)
      throws PluginFailure {
    if (entry.nativeGroup().isEmpty()) {
      return made(jars, entry, folder, host);
    }
    Path key = folder.toAbsolutePath().normalize();
    String state = PluginLoader.state(key);
    synchronized (NATIVE) {
      Native known = NATIVE.get(key);
      if (known == null || known.host() != host) {
        known = new Native(host, state, made(jars, entry, folder, host));
        NATIVE.put(key, known);
      } else if (!known.state().equals(state)) {
        throw new PluginFailure(
            Stage.LINK,
            "its files changed since this process loaded its native libraries",
            "start a new process: a native library loads once in each");
      }
      return known.layer();
    }
  }

  /** Resolves the modules of a plugin and defines their layer. */
  @SuppressWarnings("restricted") // native access goes to plugins that declare natives
  private static ModuleLayer made(PluginJars jars, PluginEntry entry, Path folder, ModuleLayer host)
      throws PluginFailure {
    Configuration configuration = resolve(jars, folder, host);
    try {
      ClassLoader platform = ClassLoader.getPlatformClassLoader();
      ClassLoader parent =
          jars.plain().isEmpty() ? platform : new URLClassLoader(urls(jars.plain()), platform);
      ModuleLayer.Controller controller =
          ModuleLayer.defineModulesWithOneLoader(configuration, List.of(host), parent);
      for (Module module : controller.layer().modules()) {
        if (module.getName().equals(entry.name())) {
          controller.addReads(module, parent.getUnnamedModule());
        }
        if (entry.nativeGroup().isPresent()) {
          controller.enableNativeAccess(module);
        }
      }
      return controller.layer();
    } catch (RuntimeException | LinkageError | IOException e) {
      throw new PluginFailure(Stage.LINK, String.valueOf(e.getMessage()), hint(e, folder));
    }
  }

  private static Configuration resolve(PluginJars jars, Path folder, ModuleLayer host)
      throws PluginFailure {
    ModuleFinder finder = ModuleFinder.of(jars.modular().toArray(Path[]::new));
    try {
      // All modules are roots: automatic modules do not pull in the explicit ones they need.
      return host.configuration()
          .resolveAndBind(finder, ModuleFinder.of(), Set.copyOf(jars.modules().keySet()));
    } catch (FindException | ResolutionException e) {
      throw new PluginFailure(Stage.RESOLVE, String.valueOf(e.getMessage()), hint(e, folder));
    }
  }

  private static String hint(Throwable e, Path folder) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("not found")) {
      return "put the missing library's jar into " + folder;
    }
    if (message.contains("more than one module") || message.contains("export package")) {
      return "move one of the clashing libraries to " + folder.resolve("lib");
    }
    return "check the plugin's module-info and its libraries";
  }

  private static URL[] urls(List<Path> jars) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars) {
      urls.add(jar.toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }
}
