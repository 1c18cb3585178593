package dev.sonde.engine.plugin;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.Plugin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A plugin, constructed and asked what it offers. */
final class PluginInstance {
  private PluginInstance() {}

  /**
   * Constructs the provider of a layer and asks it for its id and its offers, on a thread of its
   * own, which is left behind where it hangs.
   *
   * @param id what it must call itself
   * @param limit how long that may take
   */
  static Plugin of(
      ModuleLayer layer, PluginEntry entry, String id, Activity activity, Duration limit)
      throws PluginFailure {
    Properties before = (Properties) System.getProperties().clone();
    try {
      return withinLimit(id, () -> registered(constructed(layer, entry), id), activity, limit);
    } finally {
      System.setProperties(before); // they are everybody's: line ends, folders, time zones
    }
  }

  /** A step that runs code of a plugin. */
  private interface Step<T> {
    T take() throws PluginFailure;
  }

  private static <T> T withinLimit(String id, Step<T> step, Activity activity, Duration limit)
      throws PluginFailure {
    CompletableFuture<Result<T>> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> result.complete(activity.during(id, () -> Result.of(step))),
            PluginLoader.LOADING + id);
    thread.setDaemon(true);
    thread.start();
    try {
      return result.get(limit.toMillis(), TimeUnit.MILLISECONDS).value();
    } catch (TimeoutException e) {
      String place = Guard.place(thread.getStackTrace());
      thread.interrupt();
      throw new PluginFailure(
          Stage.INSTANTIATE,
          "it has not been constructed within %d s; it is at %s"
              .formatted(limit.toSeconds(), place),
          "ask the plugin's author: its constructor must be cheap; until then rename its folder to %s%s"
              .formatted(id, PluginLoader.DISABLED_SUFFIX));
    } catch (InterruptedException | ExecutionException e) {
      Thread.currentThread().interrupt();
      throw new PluginFailure(Stage.INSTANTIATE, "loading was interrupted", "start again");
    }
  }

  /** A value, or why there is none. */
  private record Result<T>(Optional<T> found, Optional<PluginFailure> failure) {
    static <T> Result<T> of(Step<T> step) {
      try {
        return new Result<>(Optional.of(step.take()), Optional.empty());
      } catch (PluginFailure e) {
        return new Result<>(Optional.empty(), Optional.of(e));
      }
    }

    T value() throws PluginFailure {
      if (failure.isPresent()) {
        throw failure.get();
      }
      return found.orElseThrow();
    }
  }

  private static Plugin constructed(ModuleLayer layer, PluginEntry entry) throws PluginFailure {
    List<ServiceLoader.Provider<Plugin>> own =
        ServiceLoader.load(layer, Plugin.class).stream()
            .filter(provider -> provider.type().getModule().getLayer() == layer)
            .toList();
    if (own.size() != 1) {
      throw new PluginFailure(
          Stage.INSTANTIATE,
          "%d providers after linking".formatted(own.size()),
          "check the provides clause of " + entry.fileName());
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(own.getFirst().type().getClassLoader());
    try {
      return own.getFirst().get();
    } catch (Throwable e) { // a plugin's constructor and static initialisers may throw anything
      throw new PluginFailure(
          Stage.INSTANTIATE,
          own.getFirst().type().getName() + " threw " + rootCause(e),
          "ask the plugin's author; its constructor must not fail");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Throwable rootCause(Throwable e) {
    return e.getCause() == null ? e : rootCause(e.getCause());
  }

  /** The plugin, once its id and everything it offers were asked for. */
  private static Plugin registered(Plugin plugin, String id) throws PluginFailure {
    @Nullable String own;
    try {
      own = plugin.id();
      OfferCheck.of(plugin);
    } catch (InvalidInputException e) {
      throw new PluginFailure(
          Stage.REGISTER, String.valueOf(e.getMessage()), "ask the plugin's author");
    } catch (Throwable e) { // as above
      throw new PluginFailure(
          Stage.REGISTER,
          "it threw %s when it was asked what it offers, at %s"
              .formatted(rootCause(e), Guard.place(rootCause(e).getStackTrace())),
          "ask the plugin's author");
    }
    if (own == null || own.isBlank()) {
      throw new PluginFailure(
          Stage.REGISTER,
          "the plugin has no id",
          "ask the plugin's author: id() is the folder's name");
    }
    if (!own.equals(id)) {
      throw new PluginFailure(
          Stage.REGISTER,
          "the plugin calls itself '%s', its folder '%s'".formatted(own, id),
          "rename the folder to " + own);
    }
    return plugin;
  }
}
