package dev.sonde.engine.plugin;

import dev.sonde.api.Plugin;
import dev.sonde.api.SondeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
      Thread.interrupted(); // what comes next is not to be interrupted by what a plugin left behind
    }
  }

  /**
   * Runs plugin code that must not fail: whatever it throws beyond the api's own exceptions, and a
   * result that is missing, is named with the plugin.
   *
   * @param task what it is to do, for example {@code make the probe 'direction'}
   * @throws PluginRequiredException in place of any other exception or error
   */
  public <T> T guarded(String task, Supplier<T> code) {
    @Nullable T result;
    try {
      result = call(code);
    } catch (SondeException e) {
      throw e;
    } catch (Throwable e) { // a plugin may throw anything
      throw new PluginRequiredException(
          "plugin '%s' failed when it was to %s: %s, at %s"
              .formatted(id(), task, e, Guard.place(e.getStackTrace())),
          e);
    }
    if (result == null) {
      throw new PluginRequiredException(
          "plugin '%s' gave null when it was to %s".formatted(id(), task));
    }
    return result;
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
