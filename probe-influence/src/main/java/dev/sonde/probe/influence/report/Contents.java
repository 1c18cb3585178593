package dev.sonde.probe.influence.report;

import dev.sonde.api.data.Example;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Rankings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;

/**
 * What documents at the top hold: the answers to a query, or worked examples of its procedure that
 * do not give its answers (Ruis et al. 2025, sections 5.2 and 5.3). A query's column {@code
 * answers} holds what would have to be stated; phrases joined by {@code …} must all stand in one
 * document. Procedures are documents of the query's {@code relation}.
 */
final class Contents {
  private static final String ANSWERS = "answers";
  private static final String RELATION = "relation";
  private static final Pattern JOINED = Pattern.compile("\\s*…\\s*");

  private final List<TokenizedText> queries;
  private final List<TokenizedText> documents;
  private final int top;

  /**
   * Of some documents.
   *
   * @param top how many documents of a ranking count as its top
   */
  Contents(List<TokenizedText> queries, List<TokenizedText> documents, int top) {
    this.queries = queries;
    this.documents = documents;
    this.top = top;
  }

  /**
   * Figures of each kind of query, where queries have the columns.
   *
   * @param rankings what documents are ranked by, by its name
   */
  void report(Report report, Map<String, List<Integer>> byKind, Map<String, Rankings> rankings) {
    Map<String, Found> among = new LinkedHashMap<>();
    rankings.forEach((name, by) -> among.put(name, ofTop(by)));
    among.put("all documents", ofAll());
    List<List<Object>> rows = new ArrayList<>();
    for (var kind : byKind.entrySet()) {
      for (var found : among.entrySet()) {
        OptionalDouble held =
            mean(kind.getValue(), ANSWERS, q -> found.getValue().answered(q) ? 1 : 0);
        OptionalDouble worked = mean(kind.getValue(), RELATION, q -> found.getValue().examples(q));
        String name = found.getKey();
        held.ifPresent(share -> metric(report, "answers.held", share, kind.getKey(), name));
        worked.ifPresent(share -> metric(report, "procedures.held", share, kind.getKey(), name));
        if (held.isPresent() || worked.isPresent()) {
          rows.add(List.of(kind.getKey(), name, shown(held), shown(worked)));
        }
      }
    }
    if (!rows.isEmpty()) {
      report.table(
          Table.of(
              "contents",
              "What stands in the top %d documents: every answer of a query; worked examples of its"
                      .formatted(top)
                  + " relation without any of its answers",
              List.of("kind", "among", "queries with all answers", "share of such examples"),
              rows));
    }
  }

  private static Object shown(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : "";
  }

  private static void metric(Report report, String name, double share, String kind, String among) {
    report.metric(Metric.of(name, share).where("kind", kind).where("among", among).unit("share"));
  }

  /** The mean over those queries that have a column. */
  private OptionalDouble mean(List<Integer> own, String column, IntToDoubleFunction of) {
    return own.stream()
        .filter(query -> queries.get(query).example().has(column))
        .mapToDouble(of::applyAsDouble)
        .average();
  }

  private List<String> answers(int query) {
    Example example = queries.get(query).example();
    return example.has(ANSWERS) ? example.texts(ANSWERS) : List.of();
  }

  /** What was found so far in the documents that were looked at for each query. */
  private final class Found {
    private final BitSet[] stated = new BitSet[queries.size()];
    private final int[] worked = new int[queries.size()];
    private final int[] seen = new int[queries.size()];

    Found() {
      Arrays.setAll(stated, query -> new BitSet());
    }

    /**
     * Looks at a document.
     *
     * @param text its text in lower case
     */
    void see(int query, TokenizedText document, String text) {
      List<String> answers = answers(query);
      boolean any = false;
      for (int i = 0; i < answers.size(); i++) {
        if (holds(text, answers.get(i))) {
          stated[query].set(i);
          any = true;
        }
      }
      Example own = queries.get(query).example();
      boolean related =
          own.has(RELATION)
              && document.example().has(RELATION)
              && document.example().text(RELATION).equals(own.text(RELATION));
      worked[query] += related && !any ? 1 : 0;
      seen[query]++;
    }

    boolean answered(int query) {
      return stated[query].cardinality() == answers(query).size();
    }

    /** The share of documents of a query's relation that hold none of its answers. */
    double examples(int query) {
      return worked[query] / (double) seen[query];
    }
  }

  private Found ofTop(Rankings by) {
    Found found = new Found();
    for (int query = 0; query < queries.size(); query++) {
      for (int d : by.of(query).top(top)) {
        TokenizedText document = documents.get(d);
        found.see(query, document, document.text().toLowerCase(Locale.ROOT));
      }
    }
    return found;
  }

  private Found ofAll() {
    Found found = new Found();
    for (TokenizedText document : documents) {
      String text = document.text().toLowerCase(Locale.ROOT);
      for (int query = 0; query < queries.size(); query++) {
        found.see(query, document, text);
      }
    }
    return found;
  }

  /**
   * Whether a text holds every phrase of an answer as whole words.
   *
   * @param text in lower case
   */
  static boolean holds(String text, String answer) {
    return JOINED
        .splitAsStream(answer.toLowerCase(Locale.ROOT).strip())
        .allMatch(phrase -> hasWords(text, phrase));
  }

  private static boolean hasWords(String text, String phrase) {
    for (int at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
      int end = at + phrase.length();
      boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
      boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
      if (begins && ends) {
        return true;
      }
    }
    return false;
  }
}
