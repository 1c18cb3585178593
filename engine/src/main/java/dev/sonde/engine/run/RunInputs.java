package dev.sonde.engine.run;

import dev.sonde.formats.ContentHash;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run depends on.
 *
 * @param manifest its hashes
 * @param experiment with defaults and absolute paths
 */
record RunInputs(Map<String, Object> manifest, String experiment) {
  static RunInputs of(RunSetup setup, ContentHash hashes) {
    return new RunInputs(Manifest.inputs(setup, hashes), setup.resolved());
  }

  /** The names of earlier runs of the same data beside a run. */
  List<String> earlier(Path run) {
    return EarlierRuns.names(run, manifest, experiment);
  }

  /** One hash over all of it. */
  String hash() {
    return Manifest.hash(manifest, experiment);
  }
}
