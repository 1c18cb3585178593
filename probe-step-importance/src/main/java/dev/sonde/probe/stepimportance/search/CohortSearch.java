package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The searches of several chains, in step with each other: what all of them ask next is one
 * request.
 */
public final class CohortSearch {
  private final Tester tester;
  private final Rounds<Tester.Ask> rounds;
  private final PrefixSearch prefixSearch;
  private final Guides guides;
  private final CoreSearch coreSearch;
  private final boolean referenceAfterShortcuts;

  /**
   * A search on one model.
   *
   * @param necessity the least share of wrong answers without the chain
   */
  public CohortSearch(
      Model model,
      TestSettings tests,
      SearchSettings settings,
      double necessity,
      Rankings rankings,
      Tester tester,
      Ledger ledger) {
    this.tester = tester;
    this.rounds = new Rounds<>(tester::test);
    this.prefixSearch =
        new PrefixSearch(
            tests.parser(),
            tests.tau(),
            necessity,
            settings.lastingPrefix(),
            settings.spareAnswerStep());
    this.guides =
        new Guides(
            model,
            settings.variants(),
            settings.root(),
            settings.queueByRoot(),
            rankings,
            new Resampling(model, tests, tester, ledger),
            ledger);
    this.coreSearch =
        new CoreSearch(tests.tau(), settings.thetas(), settings.root(), settings.guardBeforeRoot());
    this.referenceAfterShortcuts = tests.referenceAfterShortcuts();
  }

  /** A chain and what each variant goes by in it. */
  private record Guided(SufficientPrefix prefix, List<Guidance> guidance) {}

  /**
   * Searches all of them.
   *
   * @return what was found in each chain
   */
  public List<OrSkipped<Finding>> run(List<Subject> subjects) {
    tester.scoreDirectAnswers(subjects);
    List<OrSkipped<SufficientPrefix>> prefixes =
        rounds.run(subjects.stream().map(this::prefixSearch).toList());
    Iterator<OrSkipped<List<Guidance>>> guidance = guides.of(present(prefixes)).iterator();
    List<OrSkipped<Guided>> guided = new ArrayList<>();
    for (OrSkipped<SufficientPrefix> each : prefixes) {
      guided.add(each.flatMap(prefix -> guidance.next().map(found -> new Guided(prefix, found))));
    }
    Iterator<Finding.Core> cores =
        rounds.run(present(guided).stream().flatMap(this::coreSearches).toList()).iterator();
    return guided.stream().map(each -> each.map(found -> finding(found, cores))).toList();
  }

  private static <T> List<T> present(List<OrSkipped<T>> all) {
    return all.stream().flatMap(each -> each.value().stream()).toList();
  }

  private Rounds.Search<Tester.Ask, OrSkipped<SufficientPrefix>> prefixSearch(Subject subject) {
    Mask whole = Mask.first(subject.chain().size());
    return asking -> prefixSearch.run(subject, answers(subject, whole, asking));
  }

  /** One search for each variant. */
  private Stream<Rounds.Search<Tester.Ask, Finding.Core>> coreSearches(Guided guided) {
    SufficientPrefix prefix = guided.prefix();
    Subject subject = prefix.subject();
    Mask reference =
        referenceAfterShortcuts ? prefix.remaining() : Mask.first(subject.chain().size());
    return guided.guidance().stream()
        .map(
            guidance ->
                asking ->
                    coreSearch.run(prefix.steps(), guidance, answers(subject, reference, asking)));
  }

  /**
   * Answers from what is known of a chain; the rest is asked for.
   *
   * @param reference what attainability is measured against
   */
  private static Answers answers(
      Subject subject, Mask reference, Rounds.Asking<Tester.Ask> asking) {
    return masks -> {
      List<Tester.Ask> unknown =
          masks.stream()
              .filter(mask -> !subject.has(mask))
              .map(mask -> new Tester.Ask(subject, mask))
              .toList();
      if (!unknown.isEmpty()) {
        asking.ask(unknown);
      }
      return masks.stream().map(mask -> subject.of(mask, reference)).toList();
    };
  }

  /** The next of all cores are those of the chain's variants. */
  private static Finding finding(Guided guided, Iterator<Finding.Core> cores) {
    SufficientPrefix prefix = guided.prefix();
    Subject subject = prefix.subject();
    List<Finding.Core> own = new ArrayList<>();
    guided.guidance().forEach(each -> own.add(cores.next()));
    return new Finding(subject.chain(), prefix.remaining(), prefix.steps(), own, subject.tests());
  }
}
