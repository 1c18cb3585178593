package dev.sonde.api.model;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** What an open model can do; checked before anything is asked of it. */
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

  private Capabilities(Builder builder) {
    this.sites = Collections.unmodifiableSet(new TreeSet<>(builder.sites));
    this.absent = Set.copyOf(builder.absent);
    this.longestContext = builder.longestContext;
    this.generates = builder.generates;
    this.interventions = Collections.unmodifiableSet(new TreeSet<>(builder.interventions));
    this.features = Collections.unmodifiableSet(new TreeSet<>(builder.features));
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

  /** Further abilities by name, sorted; {@link #POSITIONS} and so on. */
  public Set<String> features() {
    return features;
  }

  /** Collects capabilities. */
  public static final class Builder {
    private final Set<String> sites = new TreeSet<>();
    private final Set<String> absent = new TreeSet<>();
    private int longestContext = Integer.MAX_VALUE;
    private boolean generates;
    private final Set<String> interventions = new TreeSet<>();
    private final Set<String> features = new TreeSet<>();

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

    /** The capabilities. */
    public Capabilities build() {
      return new Capabilities(this);
    }
  }
}
