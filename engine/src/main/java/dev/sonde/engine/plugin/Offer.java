package dev.sonde.engine.plugin;

import dev.sonde.api.Extension;
import java.util.function.Function;

/**
 * A factory and the plugin it comes from.
 *
 * @param plugin whose it is
 * @param factory the factory; call it through {@link #call}
 */
public record Offer<T extends Extension>(LoadedPlugin plugin, T factory) {
  /** Calls the factory as the plugin expects it; see {@link LoadedPlugin#call}. */
  public <R> R call(Function<T, R> use) {
    return plugin.call(() -> use.apply(factory));
  }

  /** Calls the factory for something that must not fail; see {@link LoadedPlugin#guarded}. */
  public <R> R guarded(String task, Function<T, R> use) {
    return plugin.guarded(task, () -> use.apply(factory));
  }

  /** The name without ambiguity: {@code plugin/name}. */
  public String fullName() {
    return plugin.id() + "/" + factory.name();
  }
}
