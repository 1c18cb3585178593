package dev.sonde.probe.stepimportance;

import dev.sonde.answers.Answer;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.search.CohortSearch;
import dev.sonde.probe.stepimportance.search.Finding;
import dev.sonde.probe.stepimportance.search.Ledger;
import dev.sonde.probe.stepimportance.search.Rankings;
import dev.sonde.probe.stepimportance.search.SearchSettings;
import dev.sonde.probe.stepimportance.search.Subject;
import dev.sonde.probe.stepimportance.search.TestSettings;
import dev.sonde.probe.stepimportance.search.Tester;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes the rows of a study cohort by cohort, each a stage of the run. */
final class Cohorts {
  private final ProbeContext context;
  private final Sources sources;
  private final TestSettings tests;
  private final Ledger ledger;
  private final Tester tester;
  private final CohortSearch search;
  private final ChainReader reader;

  Cohorts(
      ProbeContext context,
      Sources sources,
      TestSettings tests,
      SearchSettings settings,
      Rankings rankings,
      double necessity,
      Ledger ledger) {
    Model model = context.model();
    this.context = context;
    this.sources = sources;
    this.tests = tests;
    this.ledger = ledger;
    this.tester = new Tester(model, tests, ledger);
    this.search = new CohortSearch(model, tests, settings, necessity, rankings, tester, ledger);
    this.reader = new ChainReader(model, sources, ledger);
  }

  /**
   * The outcomes of all rows, in their order.
   *
   * @param size rows a cohort
   */
  List<Outcome> run(int size) {
    Study study = context.study();
    List<Outcome> outcomes = new ArrayList<>();
    for (int from = 0; from < study.size(); from += size) {
      int first = from;
      int last = Math.min(from + size, study.size());
      context.progress("searching", from, study.size());
      byte[] stage =
          context.stage(
              "cohort-%05d".formatted(from),
              () -> {
                ledger.newStage();
                return OutcomeFile.write(cohort(study, first, last));
              });
      outcomes.addAll(OutcomeFile.read(stage));
    }
    return outcomes;
  }

  private List<Outcome> cohort(Study study, int from, int to) {
    List<ChainReader.Read> reads =
        reader.read(study.examples().subList(from, to), study.groups().subList(from, to));
    TreeMap<Integer, Outcome> outcomes = new TreeMap<>();
    List<Integer> rows = new ArrayList<>();
    List<Chain> chains = new ArrayList<>();
    for (int i = 0; i < reads.size(); i++) {
      int row = from + i;
      reads.get(i).skipped().ifPresent(why -> outcomes.put(row, Outcome.skipped(row, why)));
      reads
          .get(i)
          .chain()
          .ifPresent(
              chain -> {
                rows.add(row);
                chains.add(chain);
              });
    }
    List<Optional<Accepted>> answers = answers(study, rows, chains, outcomes);
    List<Integer> searched = new ArrayList<>();
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      int row = rows.get(i);
      Optional<Subject> subject = subject(chains.get(i), answers.get(i));
      if (subject.isEmpty()) {
        outcomes.putIfAbsent(row, Outcome.skipped(row, SkipReason.NO_ANSWER));
      } else if (tester.longest(subject.get()) > context.model().capabilities().longestContext()) {
        outcomes.put(row, Outcome.skipped(row, SkipReason.TOO_LONG));
      } else {
        searched.add(row);
        subjects.add(subject.get());
      }
    }
    if (!subjects.isEmpty()) {
      List<OrSkipped<Finding>> results = search.run(subjects);
      for (int i = 0; i < results.size(); i++) {
        OrSkipped<Finding> result = results.get(i);
        String answer = subjects.get(i).accepted().toString();
        int row = searched.get(i);
        outcomes.put(row, new Outcome(row, result.value(), result.reason(), answer));
      }
    }
    return List.copyOf(outcomes.values());
  }

  /**
   * An answer that counts.
   *
   * @param text how it is written
   * @param own what the model writes behind the whole chain
   */
  private record Accepted(Answer answer, String text, int... own) {}

  /** What counts for each chain; chains that leave no room to ask are left out. */
  private List<Optional<Accepted>> answers(
      Study study, List<Integer> rows, List<Chain> chains, Map<Integer, Outcome> outcomes) {
    int room = tester.room();
    List<int[]> sequences = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    List<Optional<Accepted>> answers = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      answers.add(Optional.empty());
      int[] tokens = chains.get(i).tokens();
      if (tokens.length + room > context.model().capabilities().longestContext()) {
        outcomes.put(rows.get(i), Outcome.skipped(rows.get(i), SkipReason.TOO_LONG));
      } else {
        asked.add(i);
        sequences.add(tokens);
      }
    }
    List<Tester.Own> given = tester.ownAnswers(sequences, Tester.OWN_ANSWER_TOKENS);
    for (int i = 0; i < given.size(); i++) {
      Example example = study.examples().get(rows.get(asked.get(i)));
      answers.set(asked.get(i), accepted(example, given.get(i)));
    }
    return answers;
  }

  private Optional<Accepted> accepted(Example example, Tester.Own own) {
    if (sources.ownAnswer()) {
      return own.answer().map(answer -> new Accepted(answer, answer.toString(), own.tokens()));
    }
    if (!example.has(sources.answerColumn())) {
      return Optional.empty();
    }
    String text = example.text(sources.answerColumn()).strip();
    return tests.parser().read(text).map(answer -> new Accepted(answer, text, own.tokens()));
  }

  private Optional<Subject> subject(Chain chain, Optional<Accepted> accepted) {
    return accepted.map(
        answer ->
            new Subject(
                chain,
                answer.answer(),
                tester.endings(answer.text(), answer.own()),
                context.random("samples/" + chain.id()).nextLong()));
  }
}
