package dev.sonde.engine.run;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.formats.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** manifest.json: hashes of everything that went into a run and came out of it. */
final class Manifest {
  private Manifest() {}

  /** Hashes of what a run depends on. */
  static Map<String, Object> inputs(Preparation preparation) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    inputs.put("model", model(preparation, preparation.model()));
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("file", preparation.study().file().toString());
    data.put("sha256", preparation.hashes().of(preparation.study().file()));
    data.put("rows", preparation.study().size());
    data.put("tokens", ContentHash.of(preparation.plan().rows().ids()));
    inputs.put("data", data);
    Map<String, Object> sets = new LinkedHashMap<>();
    for (Preparation.Pass pass : preparation.sets()) {
      Map<String, Object> set = new LinkedHashMap<>();
      set.put("file", pass.study().file().toString());
      set.put("sha256", preparation.hashes().of(pass.study().file()));
      set.put("rows", pass.study().size());
      set.put("tokens", ContentHash.of(pass.plan().rows().ids()));
      sets.put(pass.study().name(), set);
    }
    if (!sets.isEmpty()) {
      inputs.put("sets", sets);
    }
    Map<String, Object> models = new LinkedHashMap<>();
    preparation
        .models()
        .forEach((name, pass) -> models.put(name, model(preparation, pass.model())));
    if (!models.isEmpty()) {
      inputs.put("models", models);
    }
    inputs.put("seed", preparation.experiment().seed());
    Map<String, Object> plugins = new LinkedHashMap<>();
    for (LoadedPlugin plugin : preparation.usedPlugins()) {
      Map<String, Object> jars = new LinkedHashMap<>();
      for (Path jar : plugin.jars()) {
        jars.put(String.valueOf(jar.getFileName()), preparation.hashes().of(jar));
      }
      plugins.put(plugin.id(), jars);
    }
    inputs.put("plugins", plugins);
    Map<String, Object> platform = new LinkedHashMap<>();
    platform.put("java", Runtime.version().toString());
    platform.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    inputs.put("platform", platform);
    return inputs;
  }

  private static Map<String, Object> model(Preparation preparation, OpenModel open) {
    ModelInfo info = open.info();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("files", open.reference().toString());
    model.put("architecture", info.architecture());
    model.put("sha256", info.contentHash());
    model.put("backend", open.backendName());
    model.put("dtype", info.dtype());
    info.tokenizer()
        .ifPresent(source -> model.put("tokenizer", preparation.hashes().of(source.file())));
    if (preparation.experiment().data().config().has("messages")) {
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
   */
  static void write(RunFolder folder, Map<String, Object> inputs, Map<String, String> known) {
    try {
      Map<String, Object> files = new LinkedHashMap<>();
      for (String name : folder.files()) {
        if (!RunFolder.OUTSIDE_COMPARISON.contains(name) && !name.equals(RunFolder.MANIFEST)) {
          String hash = known.get(name);
          files.put(name, hash == null ? ContentHash.afresh(folder.file(name)) : hash);
        }
      }
      Map<String, Object> manifest = new LinkedHashMap<>(inputs);
      manifest.put("files", files);
      folder.write(RunFolder.MANIFEST, ReportJson.write(manifest));
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
  }
}
