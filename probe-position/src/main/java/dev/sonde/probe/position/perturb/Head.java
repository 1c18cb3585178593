package dev.sonde.probe.position.perturb;

/** A head of a block, both counted from 0. */
public record Head(int layer, int head) implements Comparable<Head> {
  @Override
  public int compareTo(Head other) {
    return layer == other.layer
        ? Integer.compare(head, other.head)
        : Integer.compare(layer, other.layer);
  }

  @Override
  public String toString() {
    return layer + "." + head;
  }
}
