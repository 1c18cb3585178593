package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.answer.AnswerTester;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.TestedMasks;
import dev.sonde.probe.stepimportance.answer.Trial;
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
  private final Rounds<Trial> rounds;
  private final PrefixSearch prefixSearch;
  private final Guides guides;
  private final CoreSearch coreSearch;
  private final boolean referenceAfterShortcuts;

  /**
   * A search on one model.
   *
   * @param referenceAfterShortcuts whether attainability is measured against the chain without
   *     shortcuts, not against the whole one
   */
  public CohortSearch(
      AnswerTester tester,
      PrefixSearch prefixSearch,
      Guides guides,
      CoreSearch coreSearch,
      boolean referenceAfterShortcuts) {
    this.rounds = new Rounds<>(tester::test);
    this.prefixSearch = prefixSearch;
    this.guides = guides;
    this.coreSearch = coreSearch;
    this.referenceAfterShortcuts = referenceAfterShortcuts;
  }

  /** A prefix and what each variant goes by in it. */
  private record Guided(SufficientPrefix prefix, List<Guidance> guidance) {}

  /**
   * Searches all of them.
   *
   * @return what was found in each chain
   */
  public List<OrSkipped<SearchResult>> run(List<ChainUnderTest> chains) {
    if (chains.isEmpty()) {
      return List.of();
    }
    List<OrSkipped<SufficientPrefix>> prefixes =
        rounds.run(chains.stream().map(this::prefixSearch).toList());
    List<OrSkipped<Guided>> guided = guided(prefixes);
    Iterator<SearchResult.Core> cores =
        rounds
            .run(OrSkipped.values(guided).stream().flatMap(this::coreSearches).toList())
            .iterator();
    return guided.stream().map(each -> each.map(found -> result(found, cores))).toList();
  }

  private Rounds.Search<Trial, OrSkipped<SufficientPrefix>> prefixSearch(ChainUnderTest chain) {
    return asking -> prefixSearch.run(chain, new Asked(chain, chain.steps(), asking));
  }

  private List<OrSkipped<Guided>> guided(List<OrSkipped<SufficientPrefix>> prefixes) {
    Iterator<OrSkipped<List<Guidance>>> guidance = guides.of(OrSkipped.values(prefixes)).iterator();
    List<OrSkipped<Guided>> guided = new ArrayList<>();
    for (OrSkipped<SufficientPrefix> each : prefixes) {
      guided.add(each.flatMap(prefix -> guidance.next().map(found -> new Guided(prefix, found))));
    }
    return guided;
  }

  /** One search for each variant. */
  private Stream<Rounds.Search<Trial, SearchResult.Core>> coreSearches(Guided guided) {
    SufficientPrefix prefix = guided.prefix();
    ChainUnderTest chain = prefix.chain();
    Mask reference = reference(prefix);
    return guided.guidance().stream()
        .map(
            guidance ->
                asking ->
                    coreSearch.run(prefix.steps(), guidance, new Asked(chain, reference, asking)));
  }

  private Mask reference(SufficientPrefix prefix) {
    return referenceAfterShortcuts ? prefix.remaining() : prefix.chain().steps();
  }

  /**
   * Answers from what is known of a chain; the rest is asked for.
   *
   * @param reference what attainability is measured against
   */
  private record Asked(ChainUnderTest chain, Mask reference, Rounds.Asking<Trial> asking)
      implements Answers {
    @Override
    public List<TestedMasks.Sampled> sampled(List<Mask> masks) {
      ask(masks.stream().map(mask -> new Trial(chain, mask, Trial.Measure.ANSWERS)));
      return masks.stream().map(chain.tested()::answers).toList();
    }

    @Override
    public double attainability(Mask mask) {
      measureAttainability(List.of(mask));
      return chain.tested().attainability(mask, reference);
    }

    @Override
    public void measureAttainability(List<Mask> masks) {
      Stream<Trial> bounds =
          Stream.of(
              new Trial(chain, Mask.of(), Trial.Measure.DIRECT_ANSWER),
              new Trial(chain, reference, Trial.Measure.PERPLEXITY));
      Stream<Trial> own =
          masks.stream().map(mask -> new Trial(chain, mask, Trial.Measure.PERPLEXITY));
      ask(Stream.concat(bounds, own));
    }

    private void ask(Stream<Trial> trials) {
      List<Trial> unknown =
          trials
              .filter(trial -> !chain.tested().has(trial.mask(), trial.measure()))
              .distinct()
              .toList();
      if (!unknown.isEmpty()) {
        asking.ask(unknown);
      }
    }
  }

  /** The next of all cores are those of the chain's variants. */
  private SearchResult result(Guided guided, Iterator<SearchResult.Core> cores) {
    SufficientPrefix prefix = guided.prefix();
    ChainUnderTest chain = prefix.chain();
    List<SearchResult.Core> own = guided.guidance().stream().map(each -> cores.next()).toList();
    return new SearchResult(
        chain.chain(),
        prefix.shortcuts(),
        prefix.steps(),
        own,
        chain.tested().all(),
        chain.tested().isInverted(reference(prefix)));
  }
}
