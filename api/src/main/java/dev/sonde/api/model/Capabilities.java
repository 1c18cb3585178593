package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an open model can do; checked before anything is asked of it. An instance is immutable; each
 * method that adds or names something gives another one.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Capabilities {
  /** Takes {@link Sequence#position} into account. */
  public static final String POSITIONS = "positions";

  /** Takes {@link Sequence#blocked} into account. */
  public static final String ATTENTION_MASK = "attention-mask";

  /** Takes {@link Sequence#distances} into account. */
  public static final String DISTANCES = "distances";

  /** Changes attention scores: {@link Intervention#add} and replacements at that site. */
  public static final String SCORES = "attention-scores";

  /** Takes sequences beyond the longest context: {@link Sequence#isBeyondContext()}. */
  public static final String BEYOND_CONTEXT = "beyond-context";

  /** Begins passes at a block: {@link Sequence#start()}. */
  public static final String START = "start-at-block";

  /** Rotates with other frequencies: {@link Sequence#frequencies()}. */
  public static final String FREQUENCIES = "frequencies";

  /** Reads activations of generated tokens: {@link GenerateRequest#reading}. */
  public static final String STEPS = "generated-activations";

  /**
   * Ends generations at texts by itself: {@link GenerateRequest#stopStrings}. Other backends are
   * told what each token adds to a text, {@link GenerateRequest#pieces}.
   */
  public static final String STOP_STRINGS = "stop-strings";

  /** Takes gradients: {@link Read#gradient()}. */
  public static final String GRADIENTS = "gradients";

  /** Continues training: {@link LanguageModel#train}. */
  public static final String TRAINING = "training";

  // Set in a new copy only, before anyone else has it.
  private Set<String> sites = Set.of();
  private Set<String> absent = Set.of();
  private int longestContext = Integer.MAX_VALUE;
  private boolean generates;
  private Set<String> interventions = Set.of();
  private Set<String> features = Set.of();
  private Set<String> selectors =
      sorted(Set.of(Selector.LAST, Selector.FIRST, Selector.INDEX, Selector.ALL, Selector.SPANS));
  private Set<String> reductions = sorted(Set.of(Read.NONE, Read.MEAN, Read.MAX, Read.NORM));
  private Set<String> objectives =
      sorted(
          Set.of(
              Objective.PROBABILITY,
              Objective.LOG_PROBABILITY,
              Objective.LOSS,
              Objective.SAMPLED_LOSS));
  private Set<String> distances = sorted(Set.of(Distances.CONSTANT, Distances.AT_MOST));

  private Capabilities() {}

  /**
   * A model that can do nothing. Kinds of selectors, reductions, objectives and distances are those
   * that the library {@code packing} and the first backends had, unless others are named.
   */
  public static Capabilities none() {
    return new Capabilities();
  }

  private Capabilities copy() {
    Capabilities copy = new Capabilities();
    copy.sites = sites;
    copy.absent = absent;
    copy.longestContext = longestContext;
    copy.generates = generates;
    copy.interventions = interventions;
    copy.features = features;
    copy.selectors = selectors;
    copy.reductions = reductions;
    copy.objectives = objectives;
    copy.distances = distances;
    return copy;
  }

  private static Set<String> sorted(Set<String> names) {
    return Collections.unmodifiableSet(new TreeSet<>(names));
  }

  private static Set<String> both(Set<String> names, Set<String> more) {
    Set<String> all = new TreeSet<>(names);
    all.addAll(more);
    return Collections.unmodifiableSet(all);
  }

  /** The sites that can be read ({@link HookPoint#site()}), sorted. */
  public Set<String> sites() {
    return sites;
  }

  /**
   * Whether the point's site can be read, and its block has it; how many blocks there are is
   * checked against {@link ModelInfo}.
   */
  public boolean supports(HookPoint point) {
    return sites.contains(point.site()) && !absent.contains(point.name());
  }

  /** Most tokens of one sequence. */
  public int longestContext() {
    return longestContext;
  }

  /** Whether {@link LanguageModel#generate} works. */
  public boolean generates() {
    return generates;
  }

  /** The kinds of {@link Intervention} it knows, sorted. */
  public Set<String> interventions() {
    return interventions;
  }

  /** The kinds of {@link Selector} it knows, sorted. */
  public Set<String> selectors() {
    return selectors;
  }

  /** The reductions it knows ({@link Read#reduction}), sorted. */
  public Set<String> reductions() {
    return reductions;
  }

  /**
   * The kinds of {@link Objective} it takes gradients of, sorted; none without {@link #GRADIENTS}.
   */
  public Set<String> objectives() {
    return features.contains(GRADIENTS) ? objectives : Set.of();
  }

  /** The kinds of {@link Distances} it knows, sorted; none without {@link #DISTANCES}. */
  public Set<String> distances() {
    return features.contains(DISTANCES) ? distances : Set.of();
  }

  /** Further abilities by name, sorted; {@link #POSITIONS} and so on. */
  public Set<String> features() {
    return features;
  }

  /** Adds sites that can be read. */
  public Capabilities sites(Set<String> names) {
    Capabilities copy = copy();
    copy.sites = both(sites, names);
    return copy;
  }

  /** Says of points, by their whole names, that their blocks have not what others have there. */
  public Capabilities absent(Set<String> names) {
    Capabilities copy = copy();
    copy.absent = both(absent, names);
    return copy;
  }

  /** Limits the length of a sequence. */
  public Capabilities longestContext(int tokens) {
    Capabilities copy = copy();
    copy.longestContext = tokens;
    return copy;
  }

  /** Says that it generates. */
  public Capabilities generating() {
    Capabilities copy = copy();
    copy.generates = true;
    return copy;
  }

  /** Adds kinds of intervention. */
  public Capabilities interventions(Set<String> kinds) {
    Capabilities copy = copy();
    copy.interventions = both(interventions, kinds);
    return copy;
  }

  /** Adds further abilities. */
  public Capabilities features(Set<String> names) {
    Capabilities copy = copy();
    copy.features = both(features, names);
    return copy;
  }

  /** Names the kinds of selector, all of them. */
  public Capabilities selectors(Set<String> kinds) {
    Capabilities copy = copy();
    copy.selectors = sorted(kinds);
    return copy;
  }

  /** Names the reductions, all of them. */
  public Capabilities reductions(Set<String> names) {
    Capabilities copy = copy();
    copy.reductions = sorted(names);
    return copy;
  }

  /** Names the kinds of objective, all of them; they count with {@link #GRADIENTS} only. */
  public Capabilities objectives(Set<String> kinds) {
    Capabilities copy = copy();
    copy.objectives = sorted(kinds);
    return copy;
  }

  /** Names the kinds of changed distances, all of them; they count with {@link #DISTANCES} only. */
  public Capabilities distances(Set<String> kinds) {
    Capabilities copy = copy();
    copy.distances = sorted(kinds);
    return copy;
  }

  /** The features that a sequence needs, gradients left out, sorted. */
  static Set<String> neededBy(Sequence sequence) {
    Map<String, Boolean> needed =
        Map.of(
            POSITIONS, sequence.isMoved(),
            ATTENTION_MASK, !sequence.blocked().isEmpty(),
            DISTANCES, sequence.distances().isPresent(),
            BEYOND_CONTEXT, sequence.isBeyondContext(),
            START, sequence.start().isPresent(),
            FREQUENCIES, sequence.frequencies().isPresent());
    return needed.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
