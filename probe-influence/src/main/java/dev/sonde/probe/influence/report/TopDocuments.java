package dev.sonde.probe.influence.report;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** The documents at the top: of every query in a file, of a query of each kind in the report. */
public final class TopDocuments {
  private final ProbeContext context;
  private final ReportSettings settings;
  private final List<TokenizedText> queries;
  private final List<TokenizedText> documents;
  private final Rankings rankings;
  private final Rankings bottom;

  /** Of the reported rankings. */
  public TopDocuments(ProbeContext context, ScoredDocuments scored, ReportSettings settings) {
    this.context = context;
    this.settings = settings;
    this.queries = scored.queries();
    this.documents = scored.documents();
    this.rankings = scored.rankings();
    this.bottom = scored.scores().bottom();
  }

  /** What each token of some documents contributes to their scores for a query. */
  @FunctionalInterface
  public interface Marks {
    /**
     * Gives it for some queries.
     *
     * @param documents the indices of documents, by the index of the query
     * @return per document of each query one number a token
     */
    Map<Integer, List<double[]>> of(SequencedMap<Integer, int[]> documents);
  }

  /** Writes and shows them. */
  public void report(Marks marks) {
    context.saveText("top", "jsonl", lines(rankings));
    context.saveText("bottom", "jsonl", lines(bottom));
    List<List<Object>> rows = new ArrayList<>();
    for (int query : shown(queries)) {
      int[] order = rankings.of(query).top(settings.show());
      for (int rank = 0; rank < order.length; rank++) {
        TokenizedText document = documents.get(order[rank]);
        double score = rankings.of(query).scores()[rank];
        rows.add(List.of(queries.get(query).id(), rank + 1, document.id(), score, document.text()));
      }
    }
    context
        .report()
        .table(
            Table.of(
                "top",
                "The documents at the top of a query of each kind; all queries are in top.jsonl",
                List.of("query", "rank", "document", "score per nat", "text"),
                rows));
    SequencedMap<Integer, int[]> best = new LinkedHashMap<>();
    shown(queries).forEach(query -> best.put(query, rankings.of(query).top(settings.show())));
    marks
        .of(best)
        .forEach(
            (query, own) -> {
              for (int rank = 0; rank < own.size(); rank++) {
                TokenizedText document = documents.get(rankings.of(query).documents()[rank]);
                context.report().passage(passage(query, rank, document, own.get(rank)));
              }
            });
  }

  /** The indices of the queries whose top documents are shown: the first of each kind. */
  public static List<Integer> shown(List<TokenizedText> queries) {
    Map<String, Integer> first = new LinkedHashMap<>();
    for (int q = 0; q < queries.size(); q++) {
      boolean named = queries.get(q).example().has("kind");
      first.putIfAbsent(named ? queries.get(q).example().text("kind") : "", q);
    }
    return List.copyOf(first.values());
  }

  private Passage passage(int query, int rank, TokenizedText document, double[] marks) {
    double largest = Arrays.stream(marks).map(Math::abs).max().orElse(1);
    List<Passage.Part> parts = new ArrayList<>();
    for (int token = 0; token < marks.length; token++) {
      double share = largest == 0 ? 0 : marks[token] / largest;
      parts.add(
          Passage.Part.of(
              context.model().tokenizer().token(document.tokens()[token]),
              share >= 0 ? "raises" : "lowers",
              Math.abs(share),
              String.format(Locale.ROOT, "%.3g", marks[token]),
              Map.of()));
    }
    return Passage.of(
        "query_%d_document_%d".formatted(query, rank + 1),
        "%s: document %d, %s".formatted(queries.get(query).id(), rank + 1, document.id()),
        rank > 0
            ? ""
            : "Each token is shaded by what stands at its position: what the linears take there and the"
                + " gradient of the loss there. So it is the token that is read, not the one that is"
                + " predicted there, which is the next; the gradient is that of all later predictions."
                + " Before division by norms and nats. Tokens that are struck through (lowers) count"
                + " against the document.",
        queries.get(query).text(),
        parts);
  }

  private String lines(Rankings by) {
    StringBuilder lines = new StringBuilder();
    for (int query = 0; query < queries.size(); query++) {
      int[] order = by.of(query).top(settings.top());
      for (int rank = 0; rank < order.length; rank++) {
        lines.append(
            String.format(
                Locale.ROOT,
                "{\"query\":%s,\"rank\":%d,\"document\":%s,\"score_per_nat\":%.9g}\n",
                quoted(queries.get(query).id()),
                rank + 1,
                quoted(documents.get(order[rank]).id()),
                by.of(query).scores()[rank]));
      }
    }
    return lines.toString();
  }

  /** A text as JSON has it. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
