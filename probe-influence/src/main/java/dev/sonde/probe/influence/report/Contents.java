package dev.sonde.probe.influence.report;

import dev.sonde.api.data.Example;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Rankings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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
  private final List<String> texts;
  private final int top;

  /**
   * Of some documents.
   *
   * @param top how many documents of a ranking count as its top
   */
  Contents(List<TokenizedText> queries, List<TokenizedText> documents, int top) {
    this.queries = queries;
    this.documents = documents;
    this.texts = documents.stream().map(d -> d.text().toLowerCase(Locale.ROOT)).toList();
    this.top = top;
  }

  /**
   * Figures of each kind of query, where queries have the columns.
   *
   * @param rankings what documents are ranked by, by its name
   */
  void report(Report report, Map<String, List<Integer>> byKind, Map<String, Rankings> rankings) {
    Map<String, IntFunction<int[]>> among = new LinkedHashMap<>();
    rankings.forEach(
        (name, by) -> among.put(name, q -> IntStream.of(by.orders().get(q)).limit(top).toArray()));
    int[] all = IntStream.range(0, documents.size()).toArray();
    among.put("all documents", query -> all);
    List<List<Object>> rows = new ArrayList<>();
    for (var kind : byKind.entrySet()) {
      for (var found : among.entrySet()) {
        OptionalDouble held =
            mean(kind.getValue(), ANSWERS, q -> answered(q, found.getValue().apply(q)) ? 1 : 0);
        OptionalDouble worked =
            mean(kind.getValue(), RELATION, q -> examples(q, found.getValue().apply(q)));
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

  private boolean answered(int query, int[] among) {
    return answers(query).stream()
        .allMatch(answer -> IntStream.of(among).anyMatch(d -> holds(texts.get(d), answer)));
  }

  /** The share of documents of a query's relation that hold none of its answers. */
  private double examples(int query, int[] among) {
    String relation = queries.get(query).example().text(RELATION);
    long count =
        IntStream.of(among)
            .filter(d -> documents.get(d).example().has(RELATION))
            .filter(d -> documents.get(d).example().text(RELATION).equals(relation))
            .filter(d -> answers(query).stream().noneMatch(answer -> holds(texts.get(d), answer)))
            .count();
    return count / (double) among.length;
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
