package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Labelings of the same rows. Those of a training side are made once for all decoders and hook
 * points, and are the same list each time, so that a design knows what it already computed for
 * them.
 */
public final class Labelings {
  private final List<Targets> all;
  private final IdentityHashMap<Split, Fitted> bySplit = new IdentityHashMap<>();

  /** Some labelings. */
  public Labelings(List<Targets> all) {
    this.all = List.copyOf(all);
  }

  /**
   * The labelings that can be fitted on a training side: the others hold one class there.
   *
   * @param labels of the training rows
   * @param places of each among all labelings
   */
  record Fitted(List<Targets> labels, List<Integer> places) {}

  /** All of them. */
  public List<Targets> all() {
    return all;
  }

  Fitted on(Split split) {
    return bySplit.computeIfAbsent(split, this::fitted);
  }

  private Fitted fitted(Split split) {
    List<Targets> labels = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < all.size(); place++) {
      Targets train = all.get(place).select(split.train());
      if (train.vary()) {
        labels.add(train);
        places.add(place);
      }
    }
    return new Fitted(List.copyOf(labels), List.copyOf(places));
  }
}
