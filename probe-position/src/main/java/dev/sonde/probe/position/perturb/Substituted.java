package dev.sonde.probe.position.perturb;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What other logits in place of a model's cost, and how much they recover.
 *
 * @param everywhere in all blocks, by the models' names
 * @param blocks in one block alone, of the first model; empty where that was not run
 * @param firstOrder in one head alone, to first order, of the first model
 * @param exact the same run, of some heads
 */
public record Substituted(
    SequencedMap<String, Recovery> everywhere,
    List<Recovery> blocks,
    SequencedMap<Head, Recovery> firstOrder,
    SequencedMap<Head, Recovery> exact) {

  /** In all blocks of the first model; empty where that was not run. */
  public Optional<Recovery> ofFirst() {
    return everywhere.values().stream().findFirst();
  }
}
