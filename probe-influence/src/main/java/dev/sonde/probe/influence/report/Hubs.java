package dev.sonde.probe.influence.report;

import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Ranked;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Documents that stand high for many queries, whatever these ask: their scores say something of the
 * document, such as the size of its gradient, and little of the query.
 *
 * @param hubs most frequent first
 * @param top how many documents of a ranking count as its top
 * @param queries how many there are
 * @param share of all places at the top that the most frequent hundredth of the documents holds
 */
record Hubs(List<Hub> hubs, int top, int queries, double share) {
  private static final int TOP = 10;

  /** The share of queries at whose top a hub stands. */
  private static final double MANY = 0.25;

  /** With fewer queries a quarter of them is no pattern. */
  private static final int FEWEST_QUERIES = 8;

  /** The share of the documents that counts as the most frequent. */
  private static final double FREQUENT = 0.01;

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
    int queries = rankings.queries().size();
    int[] counts = new int[documents];
    for (Ranked ranked : rankings.queries()) {
      for (int document : ranked.top(top)) {
        counts[document]++;
      }
    }
    List<Hub> hubs = new ArrayList<>();
    for (int document = 0; document < documents && queries >= FEWEST_QUERIES; document++) {
      if (counts[document] >= MANY * queries) {
        hubs.add(new Hub(document, counts[document]));
      }
    }
    hubs.sort(Comparator.comparingInt(Hub::queries).reversed());
    long frequent = Math.max(1, (long) (FREQUENT * documents));
    int held =
        IntStream.of(counts)
            .boxed()
            .sorted(Comparator.reverseOrder())
            .limit(frequent)
            .mapToInt(Integer::intValue)
            .sum();
    return new Hubs(hubs, top, queries, held / (double) (top * queries));
  }

  /** Counts those of every method, and names the largest of the reported one in a note. */
  static void report(Report report, ScoredDocuments scored) {
    int documents = scored.documents().size();
    Hubs own = of(scored.rankings(), documents);
    report.metric(
        Metric.of("hubs", own.hubs.size()).where("top", own.top).n(own.queries).unit("documents"));
    report.metric(
        Metric.of("hubs.share", own.share).where("top", own.top).n(own.queries).unit("share"));
    for (Rankings other : scored.all()) {
      report.metric(
          Metric.of("hubs.compared", of(other, documents).share)
              .where("ranking", other.method().words())
              .n(own.queries)
              .unit("share"));
    }
    own.name(report, scored.documents(), scored.scores().documentNorms());
  }

  private void name(Report report, List<TokenizedText> documents, double[] norms) {
    if (hubs.isEmpty()) {
      return;
    }
    report.note(
        String.format(
            Locale.ROOT,
            "Hubs: %d documents stand in the top %d of at least a quarter of the %d queries, whatever these ask: %s; the median document's gradient has norm %.3g. One in a hundred documents holds %.0f %% of all places at the top. Such scores say more of the document than of the query; another normalise may help (hubs.compared).",
            hubs.size(),
            top,
            queries,
            hubs.stream()
                .limit(NAMED)
                .map(
                    hub ->
                        String.format(
                            Locale.ROOT,
                            "%s (%d queries, gradient of norm %.3g)",
                            documents.get(hub.document()).id(),
                            hub.queries(),
                            norms[hub.document()]))
                .collect(Collectors.joining(", ")),
            Quantiles.median(norms),
            100 * share));
  }
}
