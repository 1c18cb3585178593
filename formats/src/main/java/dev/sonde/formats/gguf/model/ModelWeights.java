package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Finds a family's weights in a file; every tensor of the file must be part of one. */
final class ModelWeights {
  private final Hyperparameters given;
  private final Map<String, Arranged> weights = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  private ModelWeights(Hyperparameters given) {
    this.given = given;
  }

  /**
   * The weights under the folder's names, block by block and in the order of the rules, so that
   * linears of one input stand side by side.
   *
   * @throws FormatException if a tensor is not known, or is there for some blocks only
   */
  static Map<String, Arranged> of(Family family, Hyperparameters given) {
    ModelWeights found = new ModelWeights(given);
    List<Rule> rules = family.rules(given);
    rules.stream().filter(rule -> !rule.perBlock()).forEach(found::add);
    List<Rule> perBlock = rules.stream().filter(Rule::perBlock).toList();
    for (long block = 0; block < given.blocks(); block++) {
      for (Rule rule : perBlock) {
        found.add(rule.inBlock(block));
      }
    }
    perBlock.stream().filter(rule -> !rule.inSome()).forEach(found::checkBlocks);
    found.used.addAll(family.inConfig());
    for (String tensor : given.file().tensors().keySet()) {
      if (!found.used.contains(tensor) && !given.drafts(tensor)) {
        throw found.problem(
            "tensor '%s' is not known in a %s model".formatted(tensor, given.architecture()));
      }
    }
    return found.weights;
  }

  private void checkBlocks(Rule rule) {
    long blocks = given.blocks();
    long present =
        LongStream.range(0, blocks)
            .filter(block -> weights.containsKey(rule.inBlock(block).target()))
            .count();
    if (present > 0 && present < blocks) {
      throw problem(
          "tensor '%s' is there for %d of %d blocks"
              .formatted(rule.sources().getFirst(), present, blocks));
    }
  }

  private void add(Rule rule) {
    List<String> present = rule.sources().stream().filter(given::has).toList();
    if (present.isEmpty()) {
      return;
    }
    if (present.size() < rule.sources().size()) {
      throw problem("of the tensors %s only %s are there".formatted(rule.sources(), present));
    }
    List<GgufTensor> sources = rule.sources().stream().map(given::tensor).toList();
    weights.put(rule.target(), rule.layout().arrange(rule.target(), sources));
    used.addAll(rule.sources());
  }

  private FormatException problem(String what) {
    return new FormatException(given.file().path(), what);
  }
}
