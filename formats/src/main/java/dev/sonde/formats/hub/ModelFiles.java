package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import dev.sonde.formats.safetensors.ShardIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a model folder needs: configuration, tokenizer, and weights as safetensors, in one file or
 * as the shards that an index names. Nothing else, in particular no pickles and no second copy of
 * the weights under another name.
 */
record ModelFiles() implements WantedFiles {
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model" + ShardIndex.SUFFIX;
  private static final List<String> BESIDE =
      List.of(
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "special_tokens_map.json",
          "added_tokens.json");
  private static final String TEMPLATES = "additional_chat_templates/";

  @Override
  public List<String> choose(HubReference reference, Listing listing) {
    List<String> files = listing.files();
    List<String> weights = Stream.of(WEIGHTS, INDEX).filter(files::contains).limit(1).toList();
    if (weights.isEmpty()) {
      throw new HubException(Reason.MISSING, reference, withoutWeights(reference, files));
    }
    if (!files.contains(CONFIG)) {
      throw new HubException(
          Reason.MISSING,
          reference,
          "the repository has no %s, so it is no model folder; name one file, such as %s"
              .formatted(CONFIG, reference.naming(weights.getFirst())));
    }
    List<String> chosen = new ArrayList<>(List.of(CONFIG));
    BESIDE.stream().filter(files::contains).forEach(chosen::add);
    files.stream()
        .filter(file -> file.startsWith(TEMPLATES) && file.endsWith(".jinja"))
        .forEach(chosen::add);
    chosen.addAll(weights);
    return chosen;
  }

  @Override
  public List<String> namedBy(Path snapshot) {
    return Files.exists(snapshot.resolve(WEIGHTS)) ? List.of() : shards(snapshot.resolve(INDEX));
  }

  @Override
  public List<String> lacking(Path snapshot) {
    Predicate<String> missing = file -> !Files.exists(snapshot.resolve(file));
    Stream<String> weights =
        missing.test(WEIGHTS) && missing.test(INDEX)
            ? Stream.of(WEIGHTS)
            : namedBy(snapshot).stream();
    return Stream.concat(Stream.of(CONFIG), weights).filter(missing).toList();
  }

  @Override
  public List<String> optional() {
    return BESIDE;
  }

  private static List<String> shards(Path index) {
    return ShardIndex.read(index).values().stream()
        .map(shard -> String.valueOf(shard.getFileName()))
        .distinct()
        .toList();
  }

  private static String withoutWeights(HubReference reference, List<String> files) {
    List<String> readable =
        files.stream()
            .filter(file -> file.endsWith(".safetensors") || file.endsWith(".gguf"))
            .map(reference::naming)
            .toList();
    String missing = "the repository has neither %s nor %s".formatted(WEIGHTS, INDEX);
    if (!readable.isEmpty()) {
      return missing + "; name one of its files: " + Listing.some(readable);
    }
    return files.stream().anyMatch(HubReference::pickled)
        ? missing
            + "; it has pickles, which can run code and are never read: look for a conversion,"
            + " often under a revision such as refs/pr/1"
        : missing;
  }
}
