package dev.sonde.engine.plugin;

import dev.sonde.api.Extension;
import dev.sonde.api.InvalidInputException;
import java.util.List;
import java.util.stream.Collectors;

/** All plugins that were found, and the factories of those that work, by name. */
public final class PluginRegistry {
  private final List<PluginOutcome> outcomes;

  /** A registry over the outcomes of loading. */
  public PluginRegistry(List<PluginOutcome> outcomes) {
    this.outcomes = List.copyOf(outcomes);
  }

  /** What became of each folder. */
  public List<PluginOutcome> outcomes() {
    return outcomes;
  }

  /** The plugins that work. */
  public List<LoadedPlugin> loaded() {
    return outcomes.stream()
        .filter(PluginOutcome.Loaded.class::isInstance)
        .map(o -> ((PluginOutcome.Loaded) o).plugin())
        .toList();
  }

  /** The plugins that do not. */
  public List<PluginOutcome.Failed> failed() {
    return outcomes.stream()
        .filter(PluginOutcome.Failed.class::isInstance)
        .map(PluginOutcome.Failed.class::cast)
        .toList();
  }

  /** Everything of one kind, in the order in which plugins were found. */
  public <T extends Extension> List<Offer<T>> all(ExtensionKind<T> kind) {
    return loaded().stream()
        .flatMap(
            p -> p.call(() -> kind.of().apply(p.plugin())).stream().map(f -> new Offer<>(p, f)))
        .toList();
  }

  /**
   * The factory of that name. A short name that the distribution's own plugins offer is theirs,
   * whatever else is installed.
   *
   * @param name a short name, or {@code plugin/name}
   * @throws InvalidInputException if there is none, or several plugins offer the short name
   * @throws PluginRequiredException if the plugin that would offer it failed to load
   */
  public <T extends Extension> Offer<T> find(ExtensionKind<T> kind, String name) {
    List<Offer<T>> offers = all(kind);
    List<Offer<T>> found =
        offers.stream()
            .filter(o -> o.factory().name().equals(name) || o.fullName().equals(name))
            .toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    List<Offer<T>> bundled =
        found.stream().filter(o -> o.plugin().origin().equals(PluginLoader.BUNDLED)).toList();
    if (bundled.size() == 1) {
      return bundled.getFirst();
    }
    if (found.size() > 1) {
      throw new InvalidInputException(
          "several plugins offer a %s '%s': write %s"
              .formatted(
                  kind.noun(),
                  name,
                  found.stream().map(Offer::fullName).collect(Collectors.joining(" or "))));
    }
    for (PluginOutcome.Failed failure : failed()) {
      if (name.startsWith(failure.id() + "/") || failure.id().contains(name)) {
        throw new PluginRequiredException(
            "the run needs the %s '%s': %s".formatted(kind.noun(), name, failure.message()));
      }
    }
    String failures =
        failed().stream().map(f -> "\n  " + f.message()).collect(Collectors.joining());
    throw new InvalidInputException(
        "unknown %s '%s': %s%s"
            .formatted(
                kind.noun(),
                name,
                NearestNames.hint(name, offers.stream().map(o -> o.factory().name()).toList()),
                failures));
  }
}
