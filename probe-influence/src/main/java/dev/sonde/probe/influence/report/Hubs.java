package dev.sonde.probe.influence.report;

import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Rankings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Documents that stand high for many queries, whatever these ask: their scores say something of the
 * document, such as the size of its gradient, and little of the query.
 *
 * @param hubs most frequent first
 * @param top how many documents of a ranking count as its top
 * @param queries how many there are
 */
record Hubs(List<Hub> hubs, int top, int queries) {
  private static final int TOP = 10;

  /** The share of queries at whose top a hub stands. */
  private static final double MANY = 0.25;

  /** With fewer queries a quarter of them is no pattern. */
  private static final int FEWEST_QUERIES = 8;

  /** Most hubs that are named. */
  private static final int NAMED = 5;

  /**
   * A hub.
   *
   * @param document its index
   * @param queries at whose top it stands
   */
  record Hub(int document, int queries) {}

  /** Of a ranking; a top as large as a tenth of all documents at most. */
  static Hubs of(Rankings rankings, int documents) {
    int top = Math.max(1, Math.min(TOP, documents / 10));
    int queries = rankings.orders().size();
    int[] counts = new int[documents];
    for (int[] order : rankings.orders()) {
      for (int rank = 0; rank < top; rank++) {
        counts[order[rank]]++;
      }
    }
    List<Hub> hubs = new ArrayList<>();
    for (int document = 0; document < documents && queries >= FEWEST_QUERIES; document++) {
      if (counts[document] >= MANY * queries) {
        hubs.add(new Hub(document, counts[document]));
      }
    }
    hubs.sort(Comparator.comparingInt(Hub::queries).reversed());
    return new Hubs(hubs, top, queries);
  }

  /** Counts them, and names the largest in a note. */
  void report(Report report, List<TokenizedText> documents) {
    report.metric(Metric.of("hubs", hubs.size()).where("top", top).n(queries).unit("documents"));
    if (hubs.isEmpty()) {
      return;
    }
    report.note(
        "Hubs: %d documents stand in the top %d of at least a quarter of the %d queries, whatever these ask: %s. Their scores say more of the document than of the query; another normalise may help."
            .formatted(
                hubs.size(),
                top,
                queries,
                hubs.stream()
                    .limit(NAMED)
                    .map(
                        hub ->
                            "%s (%d queries)"
                                .formatted(documents.get(hub.document()).id(), hub.queries()))
                    .collect(Collectors.joining(", "))));
  }
}
