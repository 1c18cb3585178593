package dev.sonde.api.model;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** What an open model can do; checked before anything is asked of it. */
public final class Capabilities {
  private final Set<String> sites;
  private final int longestContext;
  private final boolean generates;

  private Capabilities(Builder builder) {
    this.sites = Collections.unmodifiableSet(new TreeSet<>(builder.sites));
    this.longestContext = builder.longestContext;
    this.generates = builder.generates;
  }

  /** A builder that starts with nothing. */
  public static Builder builder() {
    return new Builder();
  }

  /** The sites that can be read ({@link HookPoint#site()}), sorted. */
  public Set<String> sites() {
    return sites;
  }

  /** Whether the point's site can be read; its layer is checked against {@link ModelInfo}. */
  public boolean supports(HookPoint point) {
    return sites.contains(point.site());
  }

  /** Most tokens of one sequence. */
  public int longestContext() {
    return longestContext;
  }

  /** Whether {@link ModelBackend#generate} works. */
  public boolean generates() {
    return generates;
  }

  /** Collects capabilities. */
  public static final class Builder {
    private final Set<String> sites = new TreeSet<>();
    private int longestContext = Integer.MAX_VALUE;
    private boolean generates;

    private Builder() {}

    /** Adds sites that can be read. */
    public Builder sites(Set<String> names) {
      sites.addAll(names);
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

    /** The capabilities. */
    public Capabilities build() {
      return new Capabilities(this);
    }
  }
}
