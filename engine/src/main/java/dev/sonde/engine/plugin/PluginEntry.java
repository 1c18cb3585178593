package dev.sonde.engine.plugin;

import dev.sonde.api.Plugin;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The module of a plugin that provides {@link Plugin}.
 *
 * @param module its reference
 * @param description what its properties file says
 */
record PluginEntry(ModuleReference module, Properties description) {
  private static final String API = "dev.sonde.api";
  private static final String DESCRIPTION = "META-INF/sonde/plugin.properties";
  private static final String SERVICE = Plugin.class.getName();

  /** Finds the entry among the jars and reads what it says of itself. */
  static PluginEntry of(PluginJars jars) throws PluginFailure {
    ModuleReference module = find(jars);
    return new PluginEntry(module, description(module));
  }

  private static ModuleReference find(PluginJars jars) throws PluginFailure {
    List<ModuleReference> entries =
        jars.modules().values().stream()
            .filter(module -> !module.descriptor().isAutomatic())
            .filter(
                module ->
                    module.descriptor().provides().stream()
                        .anyMatch(p -> p.service().equals(SERVICE)))
            .toList();
    if (entries.isEmpty()) {
      throw new PluginFailure(
          Stage.DESCRIBE,
          "no jar is a module that provides " + SERVICE,
          "add 'provides %s with …' to its module-info".formatted(SERVICE));
    }
    int providers =
        entries.stream()
            .flatMap(module -> module.descriptor().provides().stream())
            .filter(p -> p.service().equals(SERVICE))
            .mapToInt(p -> p.providers().size())
            .sum();
    if (providers > 1) {
      throw new PluginFailure(
          Stage.DESCRIBE,
          "%d providers of %s in %s"
              .formatted(
                  providers,
                  SERVICE,
                  entries.stream().map(PluginEntry::fileName).sorted().toList()),
          "one folder holds one plugin: split it");
    }
    return entries.getFirst();
  }

  private static Properties description(ModuleReference entry) throws PluginFailure {
    Properties properties = new Properties();
    try (var reader = entry.open();
        var in = reader.open(DESCRIPTION).orElse(null)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new PluginFailure(
          Stage.DESCRIBE,
          "%s in %s cannot be read: %s".formatted(DESCRIPTION, fileName(entry), e.getMessage()),
          "build the jar again");
    }
    return properties;
  }

  /** The name of the module. */
  String name() {
    return module.descriptor().name();
  }

  /** Its version; {@code unknown} where it has none. */
  String version() {
    return module.descriptor().rawVersion().orElse("unknown");
  }

  /** The group of native libraries that it claims. */
  Optional<String> nativeGroup() {
    return Optional.ofNullable(description.getProperty("native.group"));
  }

  /** Refuses what was compiled against an api that this one does not serve. */
  void requireVersion(ApiVersion hostVersion) throws PluginFailure {
    Optional<String> compiled =
        module.descriptor().requires().stream()
            .filter(requires -> requires.name().equals(API))
            .findFirst()
            .flatMap(ModuleDescriptor.Requires::rawCompiledVersion);
    if (compiled.isEmpty()) {
      throw new PluginFailure(
          Stage.VERSION,
          fileName(module) + " does not say which version of " + API + " it was compiled against",
          "add 'requires " + API + "' and compile against the released api jar");
    }
    if (!hostVersion.accepts(ApiVersion.parse(compiled.get()))) {
      throw new PluginFailure(
          Stage.VERSION,
          "%s was compiled against api %s, this Sonde has %s"
              .formatted(fileName(module), compiled.get(), hostVersion),
          "use a build of the plugin for api %s".formatted(hostVersion));
    }
  }

  /** The name of the jar. */
  String fileName() {
    return fileName(module);
  }

  /** The name of a module's jar. */
  static String fileName(ModuleReference module) {
    return module
        .location()
        .map(uri -> String.valueOf(Path.of(uri).getFileName()))
        .orElse(module.descriptor().name());
  }
}
