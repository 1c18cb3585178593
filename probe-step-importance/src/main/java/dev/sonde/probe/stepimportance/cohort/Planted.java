package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps that were planted in a chain.
 *
 * @param needed those without which the answer is not reached
 * @param either steps of which one suffices, a mask for each such set
 */
public record Planted(Mask needed, List<Mask> either) {
  /** Copies the list. */
  public Planted {
    either = List.copyOf(either);
  }

  /**
   * What a row says of its steps.
   *
   * @param steps of the chain; a row of as many steps only says something of it
   * @param neededColumn the column with a truth value per step
   * @param eitherColumn the column with texts of steps, from 0, of which one suffices
   */
  static Optional<Planted> of(
      Example example, int steps, String neededColumn, String eitherColumn) {
    if (!example.has(neededColumn)) {
      return Optional.empty();
    }
    List<String> flags = example.texts(neededColumn);
    if (flags.size() != steps) {
      return Optional.empty(); // the model's own chain has other steps than the row's
    }
    Mask needed = Mask.of();
    for (int step = 0; step < steps; step++) {
      needed = Boolean.parseBoolean(flags.get(step)) ? needed.with(step) : needed;
    }
    List<Mask> either = new ArrayList<>();
    if (example.has(eitherColumn)) {
      for (String text : example.texts(eitherColumn)) {
        Mask set = Mask.of();
        for (String number : text.strip().split("\\s+", -1)) {
          boolean step = number.matches("\\d{1,6}") && Integer.parseInt(number) < steps;
          set = step ? set.with(Integer.parseInt(number)) : set;
        }
        either.add(set);
      }
    }
    return Optional.of(new Planted(needed, either));
  }

  /** How many steps the answer needs. */
  public int size() {
    return needed.size() + either.size();
  }

  /** How many of them some steps hold; of steps of which one suffices the second holds nothing. */
  public int in(Mask steps) {
    long sets = either.stream().filter(set -> set.and(steps).size() > 0).count();
    return steps.and(needed).size() + Math.toIntExact(sets);
  }

  /** The steps of some that the answer does not need, whatever else is there. */
  public Mask distractors(Mask steps) {
    Mask others = steps.minus(needed);
    for (Mask set : either) {
      others = others.minus(set);
    }
    return others;
  }

  /** Whether a step is needed, or one of those of which one suffices. */
  public boolean has(int step) {
    return needed.has(step) || either.stream().anyMatch(set -> set.has(step));
  }
}
