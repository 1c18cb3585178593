package dev.sonde.formats.gguf.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The pairs of tokens that byte-pair encoding joins, first the ones it joins first. */
final class Merges {
  private Merges() {}

  /**
   * The merges that a file lists, each as two texts with a space between.
   *
   * @param ids the texts that are tokens
   */
  static List<List<String>> listed(
      Vocabulary vocabulary, Map<String, Object> ids, List<String> merges) {
    List<List<String>> pairs = new ArrayList<>();
    for (String merge : merges) {
      // A token may begin with a space, not end with one.
      int space = merge.indexOf(' ', 1);
      List<String> pair =
          space < 0 ? List.of() : List.of(merge.substring(0, space), merge.substring(space + 1));
      if (!ids.keySet().containsAll(pair) || !ids.containsKey(String.join("", pair))) {
        throw vocabulary.problem("merges", "holds '" + merge + "', which makes no token");
      }
      pairs.add(pair);
    }
    return pairs;
  }

  /**
   * The merges behind the scores of SentencePiece, which joins the pair that makes the piece of the
   * best score: every way to make every piece, in the order of their scores; of one piece first the
   * one with the longer left part, as Hugging Face sorts them.
   *
   * @param pieces text to score, the texts that merges may make
   */
  static List<List<String>> ofScores(Map<String, Double> pieces) {
    List<Join> joins = new ArrayList<>();
    pieces.forEach(
        (piece, score) -> {
          for (int cut = piece.offsetByCodePoints(0, Math.min(1, piece.length()));
              cut < piece.length();
              cut = piece.offsetByCodePoints(cut, 1)) {
            String left = piece.substring(0, cut);
            String right = piece.substring(cut);
            if (pieces.containsKey(left) && pieces.containsKey(right)) {
              joins.add(new Join(left, right, score));
            }
          }
        });
    joins.sort(
        Comparator.comparing(Join::score)
            .thenComparing(join -> length(join.left))
            .thenComparing(join -> length(join.right))
            .reversed());
    return joins.stream().map(join -> List.of(join.left, join.right)).toList();
  }

  private record Join(String left, String right, double score) {}

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
