package dev.sonde.engine.run;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.engine.data.DataSource;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.worker.Assignment;
import dev.sonde.formats.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** manifest.json: hashes of everything that went into a run and came out of it. */
final class Manifest {
  private Manifest() {}

  /** Hashes of what a run depends on. */
  static Map<String, Object> inputs(RunSetup setup, ContentHash hashes) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    Pass main = setup.passes().main();
    inputs.put("model", model(setup, main.model(), hashes));
    inputs.put("data", data(main, hashes));
    Map<String, Object> sets = new LinkedHashMap<>();
    setup.passes().onSets().forEach(pass -> sets.put(pass.role().set(), data(pass, hashes)));
    if (!sets.isEmpty()) {
      inputs.put("sets", sets);
    }
    Map<String, Object> models = new LinkedHashMap<>();
    for (String name : setup.inputs().models()) {
      models.put(name, model(setup, setup.inputs().model(name), hashes));
    }
    if (!models.isEmpty()) {
      inputs.put("models", models);
    }
    inputs.put("seed", setup.experiment().seed());
    inputs.put("plugins", Assignment.jars(setup.usedPlugins(), hashes));
    Map<String, Object> platform = new LinkedHashMap<>();
    platform.put("java", Runtime.version().toString());
    platform.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    inputs.put("platform", platform);
    return inputs;
  }

  private static Map<String, Object> data(Pass pass, ContentHash hashes) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("file", pass.study().source().written());
    data.put("sha256", hash(hashes, pass.study().source()));
    data.put("rows", pass.study().size());
    data.put("tokens", ContentHash.of(pass.rows().ids()));
    return data;
  }

  /** The hash of a file; of several one over all of them. */
  static String hash(ContentHash hashes, DataSource source) {
    return source.files().size() == 1
        ? hashes.of(source.files().getFirst())
        : hashes.of(source.files());
  }

  private static Map<String, Object> model(RunSetup setup, OpenModel open, ContentHash hashes) {
    ModelInfo info = open.info();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("files", open.reference().toString());
    model.put("architecture", info.architecture());
    model.put("sha256", info.contentHash());
    model.put("backend", open.backendName());
    model.put("dtype", info.dtype());
    info.tokenizer().ifPresent(source -> model.put("tokenizer", hashes.of(source.file())));
    if (setup.experiment().data().config().has("messages")) {
      open.chatTemplate().ifPresent(template -> model.put("chat_template", hash(template)));
    }
    return model;
  }

  /** One hash over the inputs and the resolved experiment. */
  static String hash(Map<String, Object> inputs, String experiment) {
    return hash(ReportJson.write(inputs) + experiment);
  }

  private static String hash(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the manifest over all files of the folder that can be compared.
   *
   * @param known hashes of files as they were written; the others are read for theirs
   * @param processors the kinds that computed, since the run was last resumed
   */
  static void write(
      RunFolder folder,
      Map<String, Object> inputs,
      Map<String, String> known,
      Collection<String> processors) {
    try {
      Map<String, Object> files = new LinkedHashMap<>();
      for (String name : folder.files()) {
        if (!RunFolder.OUTSIDE_COMPARISON.contains(name) && !name.equals(RunFolder.MANIFEST)) {
          String hash = known.get(name);
          files.put(name, hash == null ? ContentHash.afresh(folder.file(name)) : hash);
        }
      }
      Map<String, Object> manifest = new LinkedHashMap<>(inputs);
      manifest.put("processors", List.copyOf(processors));
      manifest.put("files", files);
      folder.write(RunFolder.MANIFEST, ReportJson.write(manifest));
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
  }
}
