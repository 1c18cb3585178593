package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.Elicitation;
import dev.sonde.probe.stepimportance.answer.Endings;
import dev.sonde.probe.stepimportance.answer.OwnAnswer;
import dev.sonde.probe.stepimportance.answer.OwnAnswers;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.ChainReader;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import dev.sonde.probe.stepimportance.search.CohortSearch;
import dev.sonde.probe.stepimportance.search.SearchResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Takes cohorts of rows from their chains to what the search finds in them. */
public final class Cohorts {
  private static final String FROM = "from";
  private static final String TO = "to";

  private final ShardContext context;
  private final ChainReader reader;
  private final Elicitation elicitation;
  private final OwnAnswers ownAnswers;
  private final AcceptedAnswers accepted;
  private final boolean ownIsRoot;
  private final CohortSearch search;
  private final TokenCosts costs;

  /**
   * Cohorts of the context's study.
   *
   * @param ownIsRoot whether influence is followed back from the model's own answer
   */
  public Cohorts(
      ShardContext context,
      ChainReader reader,
      Elicitation elicitation,
      OwnAnswers ownAnswers,
      AcceptedAnswers accepted,
      boolean ownIsRoot,
      CohortSearch search,
      TokenCosts costs) {
    this.context = context;
    this.reader = reader;
    this.elicitation = elicitation;
    this.ownAnswers = ownAnswers;
    this.accepted = accepted;
    this.ownIsRoot = ownIsRoot;
    this.search = search;
    this.costs = costs;
  }

  /**
   * What the shards of a study are given: which rows.
   *
   * @param rows of the study
   * @param size rows a cohort, at most
   */
  public static SequencedMap<String, Artifact> inputs(int rows, int size) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (int from = 0; from < rows; from += size) {
      inputs.put(
          "rows-%05d".formatted(from),
          Artifact.empty().with(FROM, from).with(TO, Math.min(from + size, rows)));
    }
    return inputs;
  }

  /** The outcomes of a cohort, and what they cost. */
  public Artifact shard(Artifact input) {
    int from = Math.toIntExact(input.integers(FROM)[0]);
    int to = Math.toIntExact(input.integers(TO)[0]);
    return OutcomeArtifact.of(cohort(context.study(), from, to)).with(costs.artifact());
  }

  private List<RowOutcome> cohort(Study study, int from, int to) {
    List<Example> examples = study.examples().subList(from, to);
    List<OrSkipped<Chain>> chains = reader.read(examples, study.groups().subList(from, to));
    List<OrSkipped<ChainUnderTest>> tested = underTest(examples, chains);
    Iterator<OrSkipped<SearchResult>> results = search.run(OrSkipped.values(tested)).iterator();
    List<RowOutcome> outcomes = new ArrayList<>();
    for (OrSkipped<ChainUnderTest> each : tested) {
      String answer = each.value().map(chain -> chain.accepted().toString()).orElse("");
      OrSkipped<SearchResult> found = each.flatMap(chain -> results.next());
      outcomes.add(new RowOutcome(from + outcomes.size(), found, answer));
    }
    return outcomes;
  }

  /** The chains with the answers that count. */
  private List<OrSkipped<ChainUnderTest>> underTest(
      List<Example> examples, List<OrSkipped<Chain>> read) {
    List<OrSkipped<Chain>> chains =
        read.stream()
            .map(each -> each.flatMap(c -> fitting(c, c.tokens().length + ownAnswers.longest())))
            .toList();
    Iterator<OwnAnswer> own = own(OrSkipped.values(chains)).iterator();
    List<OrSkipped<ChainUnderTest>> tested = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      Example example = examples.get(i);
      tested.add(
          chains
              .get(i)
              .flatMap(chain -> underTest(example, chain, own.next()))
              .flatMap(chain -> fitting(chain, chain.longestTest())));
    }
    return tested;
  }

  /** The model's own answers; none where nothing is made of them. */
  private List<OwnAnswer> own(List<Chain> chains) {
    return accepted.own() || ownIsRoot
        ? ownAnswers.behind(chains.stream().map(Chain::tokens).toList(), OwnAnswers.MOST_TOKENS)
        : Collections.nCopies(chains.size(), new OwnAnswer(Optional.empty()));
  }

  private <T> OrSkipped<T> fitting(T chain, int tokens) {
    return tokens > context.model().capabilities().longestContext()
        ? OrSkipped.skipped(
            LeftOut.of(
                SkipReason.TOO_LONG,
                "%d tokens with elicitation and answer, the context has %d"
                    .formatted(tokens, context.model().capabilities().longestContext())))
        : OrSkipped.of(chain);
  }

  private OrSkipped<ChainUnderTest> underTest(Example example, Chain chain, OwnAnswer own) {
    long seed = context.random("samples/" + chain.id()).nextLong();
    return accepted
        .of(example, own)
        .map(
            answer -> {
              Endings endings = elicitation.endings(answer.text(), own.tokens());
              return OrSkipped.of(new ChainUnderTest(chain, answer.answer(), endings, seed));
            })
        .orElseGet(() -> OrSkipped.skipped(unanswered(example, own)));
  }

  private LeftOut unanswered(Example example, OwnAnswer own) {
    if (accepted.own()) {
      String written = elicitation.written(own.tokens());
      return new LeftOut(SkipReason.NO_ANSWER, "the model's own answer", List.of(written));
    }
    String column = accepted.column();
    return LeftOut.of(
        SkipReason.NO_ANSWER,
        example.has(column)
            ? "column '%s' holds '%s'".formatted(column, example.text(column))
            : "the row has no column '%s'".formatted(column));
  }
}
