package dev.sonde.probe.stepimportance.search;

import dev.sonde.answers.AnswerParser;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The search in one chain as a state that goes on whenever something has become known, so that many
 * chains advance in one request: shortcut removal, sufficient prefix, then every variant.
 */
final class ChainSearch {
  private final Subject subject;
  private final TestSettings tests;
  private final SearchSettings settings;
  private final ShortcutRemoval shortcuts;
  private Optional<SufficientPrefix> prefix = Optional.empty();
  private Mask remaining;
  private final Map<Variant, CoreSearch> variants = new LinkedHashMap<>();
  private Optional<SkipReason> skipped = Optional.empty();

  ChainSearch(Subject subject, TestSettings tests, SearchSettings settings) {
    this.subject = subject;
    this.tests = tests;
    this.settings = settings;
    this.remaining = Mask.first(subject.chain().size());
    AnswerParser parser = tests.parser();
    AnswerStatements statements = new AnswerStatements(subject.chain(), parser, subject.accepted());
    int spared = settings.spareAnswerStep() ? statements.last() : -1;
    this.shortcuts =
        new ShortcutRemoval(
            subject.chain().size(), tests.tau(), statements, step -> step == spared);
  }

  Subject subject() {
    return subject;
  }

  /** Goes on as far as what is known; what must be tested next, nothing when it waits or ends. */
  List<Mask> advance() {
    if (skipped.isPresent() || isGuided()) {
      return variants.values().stream()
          .flatMap(search -> skipped.isPresent() ? Stream.of() : search.advance(subject).stream())
          .distinct()
          .toList();
    }
    if (prefix.isEmpty()) {
      List<Mask> wanted = removeShortcuts();
      if (!wanted.isEmpty() || skipped.isPresent()) {
        return wanted;
      }
    }
    return prefix.orElseThrow().advance(subject);
  }

  private List<Mask> removeShortcuts() {
    List<Mask> wanted = shortcuts.wanted(subject);
    if (!wanted.isEmpty()) {
      return wanted;
    }
    remaining = shortcuts.remaining(subject);
    if (remaining.size() < 2) {
      skip(SkipReason.SHORTCUT);
      return List.of();
    }
    Optional<Verdict> verdict = subject.of(remaining);
    if (verdict.isEmpty()) {
      return List.of(remaining);
    }
    if (!verdict.get().suffices(tests.tau())) {
      skip(SkipReason.SHORTCUT);
      return List.of();
    }
    if (tests.referenceAfterShortcuts()) {
      subject.reference(remaining);
    }
    prefix = Optional.of(new SufficientPrefix(remaining, tests.tau(), settings.lastingPrefix()));
    return List.of();
  }

  /** Leaves the chain out. */
  void skip(SkipReason reason) {
    skipped = Optional.of(reason);
  }

  /** Why the chain is left out, if it is. */
  Optional<SkipReason> skipped() {
    return skipped;
  }

  /** Whether the variants know what to go by. */
  boolean isGuided() {
    return !variants.isEmpty();
  }

  /** The steps of the sufficient prefix, once {@link #advance} wants nothing. */
  Mask prefix() {
    return prefix.map(SufficientPrefix::prefix).orElse(remaining);
  }

  /** The steps that shortcut removal left. */
  Mask remaining() {
    return remaining;
  }

  /** Tells a variant what to go by. */
  void guide(Variant variant, Guidance by) {
    variants.put(variant, new CoreSearch(prefix(), by, guarded(), settings.thetas(), tests.tau()));
  }

  /** The root of the influence, and what else the queue never takes away. */
  private Mask guarded() {
    List<Integer> guarded = new ArrayList<>();
    int[] steps = prefix().steps();
    if (settings.root().isStep()) {
      guarded.add(steps[steps.length - 1]);
    }
    if (settings.guardBeforeRoot() && steps.length > 1) {
      guarded.add(steps[steps.length - (settings.root().isStep() ? 2 : 1)]);
    }
    return Mask.of(guarded.stream().mapToInt(step -> step).toArray());
  }

  /** What was found, once nothing is wanted any more. */
  Finding finding() {
    List<Finding.Core> cores = new ArrayList<>();
    variants.forEach(
        (variant, search) ->
            cores.add(
                new Finding.Core(
                    variant,
                    search.theta().orElse(Double.NaN),
                    search.start(),
                    search.core(),
                    subject.of(search.core()).orElseThrow(),
                    search.influence())));
    return new Finding(subject.chain(), remaining, prefix(), cores, subject.tests());
  }
}
