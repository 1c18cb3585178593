package dev.sonde.probe.influence.score;

/**
 * The highest of many scores, as many as there is room for: a heap with the lowest of them at its
 * root. Of equal scores the earlier document is the higher.
 */
final class BoundedRanking {
  private final int[] documents;
  private final double[] scores;
  private int size;

  /** With room for so many documents. */
  BoundedRanking(int room) {
    this.documents = new int[room];
    this.scores = new double[room];
  }

  /** How many documents there is room for. */
  int room() {
    return documents.length;
  }

  /** Takes a document in if it is among the highest so far. */
  void offer(int document, double score) {
    if (size < documents.length) {
      put(size, document, score);
      rise(size++);
    } else if (size > 0 && isAbove(document, score, 0)) {
      put(0, document, score);
      sink(0, size);
    }
  }

  /** What is held, the highest first. */
  Ranked ranked() {
    BoundedRanking sorted = new BoundedRanking(size);
    System.arraycopy(documents, 0, sorted.documents, 0, size);
    System.arraycopy(scores, 0, sorted.scores, 0, size);
    for (int left = size - 1; left > 0; left--) { // heap sort: the lowest goes to the end
      sorted.swap(0, left);
      sorted.sink(0, left);
    }
    return new Ranked(sorted.documents, sorted.scores);
  }

  private void put(int place, int document, double score) {
    documents[place] = document;
    scores[place] = score;
  }

  private void rise(int from) {
    int place = from;
    while (place > 0 && isAbove((place - 1) / 2, place)) {
      swap(place, (place - 1) / 2);
      place = (place - 1) / 2;
    }
  }

  private void sink(int from, int end) {
    int place = from;
    while (true) {
      int lowest = place;
      for (int child = 2 * place + 1; child <= 2 * place + 2 && child < end; child++) {
        lowest = isAbove(lowest, child) ? child : lowest;
      }
      if (lowest == place) {
        return;
      }
      swap(place, lowest);
      place = lowest;
    }
  }

  private boolean isAbove(int place, int other) {
    return isAbove(documents[place], scores[place], other);
  }

  private boolean isAbove(int document, double score, int other) {
    return score > scores[other] || (score == scores[other] && document < documents[other]);
  }

  private void swap(int one, int other) {
    int document = documents[one];
    double score = scores[one];
    put(one, documents[other], scores[other]);
    put(other, document, score);
  }
}
