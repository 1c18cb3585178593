package dev.sonde.engine;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/** Which engine this is. */
final class EngineVersion {
  private EngineVersion() {}

  /** The version of Sonde. */
  static String text() {
    Module own = EngineVersion.class.getModule();
    return (own.isNamed() ? Optional.of(own.getDescriptor()) : describedByJar())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("unknown");
  }

  /** What a program has on its class path is described by its jar all the same. */
  private static Optional<ModuleDescriptor> describedByJar() {
    try {
      Path jar = Path.of(EngineVersion.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return ModuleFinder.of(jar).find("dev.sonde.engine").map(ModuleReference::descriptor);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
