package dev.sonde.engine.plugin;

import dev.sonde.api.Extension;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.Plugin;
import dev.sonde.api.config.Setting;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what a plugin says that it offers. */
final class OfferCheck {
  private OfferCheck() {}

  /**
   * Asks a plugin for everything it offers.
   *
   * @throws InvalidInputException if something is null, or a name cannot be or is there twice
   */
  static void of(Plugin plugin) {
    ExtensionKind.all().forEach(kind -> of(kind, plugin));
  }

  private static <T extends Extension> void of(ExtensionKind<T> kind, Plugin plugin) {
    Set<String> names = new HashSet<>();
    for (T factory : given(kind.of().apply(plugin), "list of " + kind.noun() + "s")) {
      given(factory, kind.noun());
      given(factory.name(), "name of a " + kind.noun());
      given(factory.summary(), "summary of '%s'".formatted(factory.name()));
      given(factory.settings(), "settings of '%s'".formatted(factory.name()));
      if (factory.name().isBlank() || factory.name().matches(".*[\\s/].*")) {
        throw new InvalidInputException(
            "the name '%s' of a %s cannot stand in an experiment file"
                .formatted(factory.name(), kind.noun()));
      }
      if (!names.add(factory.name())) {
        throw new InvalidInputException(
            "it offers two %ss called '%s'".formatted(kind.noun(), factory.name()));
      }
      if (factory.summary().isBlank()) {
        throw new InvalidInputException(
            "the %s '%s' has no summary".formatted(kind.noun(), factory.name()));
      }
      Set<String> settings = new HashSet<>();
      for (Setting setting : factory.settings().all()) {
        if (!settings.add(setting.name())) {
          throw new InvalidInputException(
              "the %s '%s' has two settings called '%s'"
                  .formatted(kind.noun(), factory.name(), setting.name()));
        }
      }
    }
  }

  private static <T> T given(@Nullable T value, String what) {
    if (value == null) {
      throw new InvalidInputException("it gives null as " + what);
    }
    return value;
  }
}
