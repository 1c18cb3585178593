package dev.sonde.probe.influence.report;

import dev.sonde.probe.influence.score.Method;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import java.util.ArrayList;
import java.util.List;

/** What answers the same question more simply: every claim is held against each of them. */
final class Rivals {
  private Rivals() {}

  /**
   * A simpler ranking.
   *
   * @param words what it is
   */
  record Rival(String words, Rankings rankings) {}

  /** Those that were computed. */
  static List<Rival> of(ScoredDocuments scored) {
    List<Rival> rivals = new ArrayList<>();
    scored
        .withoutCurvature()
        .ifPresent(own -> rivals.add(new Rival("gradients without curvature", own)));
    scored.words().ifPresent(own -> rivals.add(new Rival("shared words (BM25)", own)));
    scored
        .by(Method.SIMILARITY)
        .ifPresent(own -> rivals.add(new Rival("similar activations", own)));
    return rivals;
  }
}
