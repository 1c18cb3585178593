package dev.sonde.engine.store;

import dev.sonde.api.model.Read;
import dev.sonde.formats.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What decides stored rows, besides the tokens.
 *
 * @param modelHash hash of weights and configuration
 * @param backend plugin, name and version of the backend
 * @param dtype number type of the computation
 * @param read hook point, selector and reduction
 */
public record StoreKey(String modelHash, String backend, String dtype, Read read) {
  /** The name of its folder. */
  String folder() {
    String identity = String.join("\n", modelHash, backend, dtype, read.toString());
    return ContentHash.of(identity.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }

  /** What the files say of themselves. */
  Map<String, String> metadata() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("hook", read.point().name());
    texts.put("tokens", read.selector() + "/" + read.reduction().toUpperCase(Locale.ROOT));
    texts.put("model", modelHash);
    texts.put("backend", backend);
    texts.put("dtype", dtype);
    return texts;
  }
}
