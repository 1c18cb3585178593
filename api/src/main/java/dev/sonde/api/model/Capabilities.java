package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** What an open model can do; checked before anything is asked of it. */
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

  /** Reads activations of generated tokens: {@link GenerateRequest#reading}. */
  public static final String STEPS = "generated-activations";

  /**
   * Ends generations at texts by itself: {@link GenerateRequest#stopStrings}. Other backends are
   * told what each token adds to a text, {@link GenerateRequest#pieces}.
   */
  public static final String STOP_STRINGS = "stop-strings";

  /** Takes gradients: {@link Read#gradient()}. */
  public static final String GRADIENTS = "gradients";

  /** Continues training: {@link ModelBackend#train}. */
  public static final String TRAINING = "training";

  private final Set<String> sites;
  private final Set<String> absent;
  private final int longestContext;
  private final boolean generates;
  private final Set<String> interventions;
  private final Set<String> features;
  private final Set<String> selectors;
  private final Set<String> reductions;
  private final Set<String> objectives;
  private final Set<String> distances;

  private Capabilities(Builder builder) {
    this.sites = sorted(builder.sites);
    this.absent = Set.copyOf(builder.absent);
    this.longestContext = builder.longestContext;
    this.generates = builder.generates;
    this.interventions = sorted(builder.interventions);
    this.features = sorted(builder.features);
    this.selectors = sorted(builder.selectors);
    this.reductions = sorted(builder.reductions);
    this.objectives = sorted(features.contains(GRADIENTS) ? builder.objectives : Set.of());
    this.distances = sorted(features.contains(DISTANCES) ? builder.distances : Set.of());
  }

  private static Set<String> sorted(Set<String> names) {
    return Collections.unmodifiableSet(new TreeSet<>(names));
  }

  /** A builder that starts with nothing. */
  public static Builder builder() {
    return new Builder();
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

  /** Whether {@link ModelBackend#generate} works. */
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
    return objectives;
  }

  /** The kinds of {@link Sequence.Distances} it knows, sorted; none without {@link #DISTANCES}. */
  public Set<String> distances() {
    return distances;
  }

  /** Further abilities by name, sorted; {@link #POSITIONS} and so on. */
  public Set<String> features() {
    return features;
  }

  /**
   * Collects capabilities. Kinds of selectors, reductions, objectives and distances are those that
   * the library {@code packing} and the first backends had, unless others are named.
   */
  public static final class Builder {
    private final Set<String> sites = new TreeSet<>();
    private final Set<String> absent = new TreeSet<>();
    private int longestContext = Integer.MAX_VALUE;
    private boolean generates;
    private final Set<String> interventions = new TreeSet<>();
    private final Set<String> features = new TreeSet<>();
    private Set<String> selectors =
        Set.of(Selector.LAST, Selector.FIRST, Selector.INDEX, Selector.ALL, Selector.SPANS);
    private Set<String> reductions = Set.of(Read.NONE, Read.MEAN, Read.MAX, Read.NORM);
    private Set<String> objectives =
        Set.of(
            Objective.PROBABILITY,
            Objective.LOG_PROBABILITY,
            Objective.LOSS,
            Objective.SAMPLED_LOSS);
    private Set<String> distances = Set.of(Sequence.Distances.CONSTANT, Sequence.Distances.AT_MOST);

    private Builder() {}

    /** Adds sites that can be read. */
    public Builder sites(Set<String> names) {
      sites.addAll(names);
      return this;
    }

    /** Says of points, by their whole names, that their blocks have not what others have there. */
    public Builder absent(Set<String> names) {
      absent.addAll(names);
      return this;
    }

    /** Limits the length of a sequence. */
    public Builder longestContext(int tokens) {
      longestContext = tokens;
      return this;
    }

    /** Says that it generates. */
    public Builder generates() {
      generates = true;
      return this;
    }

    /** Adds kinds of intervention. */
    public Builder interventions(Set<String> kinds) {
      interventions.addAll(kinds);
      return this;
    }

    /** Adds further abilities. */
    public Builder features(Set<String> names) {
      features.addAll(names);
      return this;
    }

    /** Names the kinds of selector, all of them. */
    public Builder selectors(Set<String> kinds) {
      selectors = Set.copyOf(kinds);
      return this;
    }

    /** Names the reductions, all of them. */
    public Builder reductions(Set<String> names) {
      reductions = Set.copyOf(names);
      return this;
    }

    /** Names the kinds of objective, all of them; they count with {@link #GRADIENTS} only. */
    public Builder objectives(Set<String> kinds) {
      objectives = Set.copyOf(kinds);
      return this;
    }

    /**
     * Names the kinds of changed distances, all of them; they count with {@link #DISTANCES} only.
     */
    public Builder distances(Set<String> kinds) {
      distances = Set.copyOf(kinds);
      return this;
    }

    /** The capabilities. */
    public Capabilities build() {
      return new Capabilities(this);
    }
  }
}
