package dev.sonde.probe.influence.score;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Inputs;
import dev.sonde.probe.influence.curvature.FitSettings;
import dev.sonde.probe.influence.read.LinearChoice;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.TextReading;
import dev.sonde.probe.influence.read.TextSources;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is to be done: texts as tokens, linears, and what that takes.
 *
 * @param queries whose completions are explained
 * @param documents that are scored
 * @param fitted the documents that curvature is fitted on
 * @param linears whose weights gradients are taken of
 * @param demand what it takes
 * @param remarks what was left out or cut
 */
public record InfluencePlan(
    List<TokenizedText> queries,
    List<TokenizedText> documents,
    List<TokenizedText> fitted,
    List<LinearModule> linears,
    Demand demand,
    List<String> remarks) {

  /** The plan for a model and data sets, which depends on nothing else but the settings. */
  public static InfluencePlan of(
      Inputs inputs,
      TextSources sources,
      LinearChoice choice,
      FitSettings fit,
      ScoreSettings scores) {
    ModelInfo model = inputs.model().info();
    List<LinearModule> linears = LinearModule.of(inputs.model(), choice);
    TextReading reading = new TextReading(inputs.model(), sources);
    List<TokenizedText> queries = reading.queries(inputs.study(sources.queries()));
    List<TokenizedText> documents = reading.documents(inputs.study(sources.documents()));
    List<TokenizedText> fitted = evenly(documents, fit.documents());
    boolean scoredTogether =
        fitted.size() == documents.size() && documents.size() <= scores.shard();
    Demand demand =
        Demand.of(
            model,
            linears,
            scores,
            shape(scores, 0, queries.size(), documents.size(), 0),
            new Demand.FittedRows(
                tokens(fitted),
                fit.partitions() > 1 || fit.factors().isPresent()
                    ? 0
                    : fit.sampledLabels() && scoredTogether ? 2 : 1));
    return new InfluencePlan(queries, documents, fitted, linears, demand, reading.remarks());
  }

  /** What is held of the scores of a fit. */
  SummaryShape shape(ScoreSettings settings, int fit, int subsets) {
    return shape(settings, fit, queries.size(), documents.size(), subsets);
  }

  private static SummaryShape shape(
      ScoreSettings settings, int fit, int queries, int documents, int subsets) {
    return new SummaryShape(
        settings.methods(fit),
        queries,
        documents,
        settings.depth().reported(),
        settings.depth().compared(),
        subsets);
  }

  /** So many texts at even distances. */
  private static List<TokenizedText> evenly(List<TokenizedText> texts, int most) {
    if (texts.size() <= most) {
      return texts;
    }
    List<TokenizedText> chosen = new ArrayList<>();
    for (long i = 0; i < most; i++) {
      chosen.add(texts.get((int) (i * texts.size() / most)));
    }
    return chosen;
  }

  /** Whose rows on the fitted documents are computed together and kept. */
  public List<LossLabels> kept(LossLabels labels) {
    return Stream.of(labels, LossLabels.DATA).distinct().limit(demand.kept()).toList();
  }

  /** How many tokens some texts have. */
  public static long tokens(List<TokenizedText> texts) {
    return texts.stream().mapToLong(text -> text.tokens().length).sum();
  }
}
