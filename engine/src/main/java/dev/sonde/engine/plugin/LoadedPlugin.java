package dev.sonde.engine.plugin;

import dev.sonde.api.Plugin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A plugin in its layer.
 *
 * @param plugin its provider
 * @param folder where it lies
 * @param layer its module layer
 * @param version the version of its entry module, or {@code unknown}
 * @param origin {@code bundled}, {@code user} or {@code given}
 * @param nativeGroup the group of native libraries it claims
 * @param jars all jars of the folder
 * @param activity hears of every call
 */
public record LoadedPlugin(
    Plugin plugin,
    Path folder,
    ModuleLayer layer,
    String version,
    String origin,
    Optional<String> nativeGroup,
    List<Path> jars,
    Activity activity) {

  /** A loaded plugin with its list copied. */
  public LoadedPlugin {
    jars = List.copyOf(jars);
  }

  /** Its id. */
  public String id() {
    return String.valueOf(folder.getFileName());
  }

  /** Runs plugin code with the plugin's class loader as the thread's context class loader. */
  public <T> T call(Supplier<T> code) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(plugin.getClass().getClassLoader());
    try {
      return activity.during(id(), code);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Runs plugin code that gives nothing back; see {@link #call}. */
  public void run(Runnable code) {
    call(
        () -> {
          code.run();
          return true;
        });
  }
}
