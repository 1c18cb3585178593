package dev.sonde.probe.influence.score;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Documents in the order in which a method puts them for one query: all, or as many as are held.
 *
 * @param documents their indices, the highest score first; of equal scores the earlier first
 * @param scores theirs
 */
public record Ranked(int[] documents, double[] scores) {

  /** All documents by their scores. */
  public static Ranked of(double[] scores) {
    BoundedRanking all = new BoundedRanking(scores.length);
    for (int document = 0; document < scores.length; document++) {
      all.offer(document, scores[document]);
    }
    return all.ranked();
  }

  /** How many are held. */
  public int size() {
    return documents.length;
  }

  /** The first of them, at most so many. */
  public int[] top(int count) {
    return Arrays.copyOf(documents, Math.min(count, documents.length));
  }

  /** The scores that are positive, the highest first. */
  public double[] positive() {
    return Arrays.stream(scores).filter(score -> score > 0).toArray();
  }

  /** The rank of a document from 1, or one behind the last that is held. */
  public int rank(int document) {
    return 1
        + IntStream.range(0, documents.length)
            .filter(place -> documents[place] == document)
            .findFirst()
            .orElse(documents.length);
  }

  /** The same in another unit. */
  Ranked scaled(double factor) {
    return new Ranked(documents, Arrays.stream(scores).map(score -> factor * score).toArray());
  }
}
