package dev.sonde.api.probe;

import dev.sonde.api.evaluate.EvaluationSpec;
import java.util.ArrayList;
import java.util.List;

/** What a probe knows beforehand that it will ask for. */
public final class Needs {
  private final List<CaptureRequest> captures;
  private final List<EvaluationSpec> evaluations;

  private Needs(Builder builder) {
    this.captures = List.copyOf(builder.captures);
    this.evaluations = List.copyOf(builder.evaluations);
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

  /** Collects needs. */
  public static final class Builder {
    private final List<CaptureRequest> captures = new ArrayList<>();
    private final List<EvaluationSpec> evaluations = new ArrayList<>();

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

    /** The needs. */
    public Needs build() {
      return new Needs(this);
    }
  }
}
