package dev.sonde.engine.run;

import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plugin.PluginLoader;
import dev.sonde.formats.ContentHash;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What was run: the facts at the end of a report. */
final class RunFacts {
  /** Digits of a hash that people are shown. */
  private static final int SHORT_HASH = 12;

  private RunFacts() {}

  /**
   * The facts.
   *
   * @param processors the kinds that computed; said where there are several
   */
  static Map<String, Object> of(
      RunSetup setup, ContentHash hashes, String version, Collection<String> processors) {
    OpenModel model = setup.inputs().model();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", setup.experiment().name());
    facts.put("seed", setup.experiment().seed());
    facts.put("model", model.reference().name());
    facts.put("modelSha256", model.info().contentHash());
    facts.put("backend", model.backendName());
    facts.put("dtype", model.info().dtype());
    facts.put("data", setup.inputs().study().source().name());
    facts.put("dataSha256", Manifest.hash(hashes, setup.inputs().study().source()));
    facts.put("rows", setup.inputs().study().size());
    facts.put("sonde", version);
    String others =
        setup.usedPlugins().stream()
            .filter(plugin -> !plugin.origin().equals(PluginLoader.BUNDLED))
            .map(
                plugin ->
                    "%s %s (sha-256 %s)"
                        .formatted(
                            plugin.id(),
                            plugin.version(),
                            hashes.of(plugin.jars()).substring(0, SHORT_HASH)))
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      facts.put("plugins", others);
    }
    if (processors.size() > 1) {
      facts.put("processors", String.join(", ", processors) + ": their last bits differ");
    }
    return facts;
  }
}
