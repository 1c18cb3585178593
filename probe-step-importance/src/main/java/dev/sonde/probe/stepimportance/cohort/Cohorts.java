package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.Elicitation;
import dev.sonde.probe.stepimportance.answer.Endings;
import dev.sonde.probe.stepimportance.answer.OwnAnswer;
import dev.sonde.probe.stepimportance.answer.OwnAnswers;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.ChainReader;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import dev.sonde.probe.stepimportance.search.CohortSearch;
import dev.sonde.probe.stepimportance.search.SearchResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Takes the rows of a study cohort by cohort, each a stage of the run. */
public final class Cohorts {
  private final ProbeContext context;
  private final ChainReader reader;
  private final Elicitation elicitation;
  private final OwnAnswers ownAnswers;
  private final AcceptedAnswers accepted;
  private final CohortSearch search;
  private final TokenCosts costs;

  /** The cohorts of a run. */
  public Cohorts(
      ProbeContext context,
      ChainReader reader,
      Elicitation elicitation,
      OwnAnswers ownAnswers,
      AcceptedAnswers accepted,
      CohortSearch search,
      TokenCosts costs) {
    this.context = context;
    this.reader = reader;
    this.elicitation = elicitation;
    this.ownAnswers = ownAnswers;
    this.accepted = accepted;
    this.search = search;
    this.costs = costs;
  }

  /**
   * The outcomes of all rows, in their order.
   *
   * @param size rows a cohort
   */
  public List<RowOutcome> run(int size) {
    Study study = context.study();
    List<RowOutcome> outcomes = new ArrayList<>();
    for (int from = 0; from < study.size(); from += size) {
      int first = from;
      int last = Math.min(from + size, study.size());
      context.progress("searching", from, study.size());
      byte[] stage =
          context.stage(
              "cohort-%05d".formatted(from),
              () -> {
                costs.newStage();
                return OutcomeFile.write(cohort(study, first, last));
              });
      outcomes.addAll(OutcomeFile.read(stage));
    }
    return outcomes;
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
    List<int[]> sequences = OrSkipped.values(chains).stream().map(Chain::tokens).toList();
    Iterator<OwnAnswer> own = ownAnswers.behind(sequences, OwnAnswers.MOST_TOKENS).iterator();
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

  private <T> OrSkipped<T> fitting(T chain, int tokens) {
    return tokens > context.model().capabilities().longestContext()
        ? OrSkipped.skipped(SkipReason.TOO_LONG)
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
        .orElseGet(() -> OrSkipped.skipped(SkipReason.NO_ANSWER));
  }
}
