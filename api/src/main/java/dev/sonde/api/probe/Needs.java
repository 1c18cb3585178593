package dev.sonde.api.probe;

import dev.sonde.api.evaluate.EvaluationSpec;
import java.util.ArrayList;
import java.util.List;

/** What a probe knows beforehand that it will ask for. */
public final class Needs {
  private final List<CaptureRequest> captures;
  private final List<EvaluationSpec> evaluations;
  private final boolean control;
  private final long tokens;

  private Needs(Builder builder) {
    this.captures = List.copyOf(builder.captures);
    this.evaluations = List.copyOf(builder.evaluations);
    this.control = builder.control;
    this.tokens = builder.tokens;
  }

  /** An empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Activations it will read. */
  public List<CaptureRequest> captures() {
    return captures;
  }

  /** Evaluations it will ask for; the engine adds the reads of their controls. */
  public List<EvaluationSpec> evaluations() {
    return evaluations;
  }

  /** Whether it asks for {@link ProbeContext#control()}. */
  public boolean control() {
    return control;
  }

  /** Tokens, at most, that it runs through the main model itself, and as many through a control. */
  public long tokens() {
    return tokens;
  }

  /** Collects needs. */
  public static final class Builder {
    private final List<CaptureRequest> captures = new ArrayList<>();
    private final List<EvaluationSpec> evaluations = new ArrayList<>();
    private boolean control;
    private long tokens;

    private Builder() {}

    /** Adds activations. */
    public Builder capture(CaptureRequest request) {
      captures.add(request);
      return this;
    }

    /** Adds an evaluation and the activations it reads. */
    public Builder evaluate(EvaluationSpec spec) {
      evaluations.add(spec);
      return capture(spec.features());
    }

    /** Asks for the control model. */
    public Builder control() {
      control = true;
      return this;
    }

    /** Says how many tokens the probe runs through a model itself, without storing anything. */
    public Builder runs(long mostTokens) {
      tokens += mostTokens;
      return this;
    }

    /** The needs. */
    public Needs build() {
      return new Needs(this);
    }
  }
}
