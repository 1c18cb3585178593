package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.evaluate.EvaluationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What a probe will ask for, as far as it knows in advance. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Needs {
  private final List<CaptureRequest> captures;
  private final List<EvaluationSpec> evaluations;
  private final boolean control;
  private final long tokens;
  private final OptionalLong expected;
  private final OptionalLong controlTokens;
  private final long backward;
  private final long memory;
  private final String lessMemory;
  private final long disk;
  private final List<String> remarks;

  private Needs(Builder builder) {
    this.captures = List.copyOf(builder.captures);
    this.evaluations = List.copyOf(builder.evaluations);
    this.control = builder.control;
    this.tokens = builder.tokens;
    this.expected = builder.expected;
    this.controlTokens = builder.controlTokens;
    this.backward = builder.backward;
    this.memory = builder.memory;
    this.lessMemory = builder.lessMemory;
    this.disk = builder.disk;
    this.remarks = List.copyOf(builder.remarks);
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

  /**
   * Upper bound on the tokens the probe itself sends through the experiment's models, generated
   * ones included.
   */
  public long tokens() {
    return tokens;
  }

  /** The number of tokens it will probably run, at most {@link #tokens}; by default all of them. */
  public long expected() {
    return expected.orElse(tokens);
  }

  /**
   * Upper bound on the tokens it sends through the control model: by default {@link #tokens}, and 0
   * if it does not ask for the control.
   */
  public long controlTokens() {
    return control ? controlTokens.orElse(tokens) : 0;
  }

  /** Upper bound on the tokens differentiated, counted once per objective. */
  public long backward() {
    return backward;
  }

  /** Bytes outside the heap that the probe itself holds, besides the activations it asks for. */
  public long memory() {
    return memory;
  }

  /** What a user can change if that is too much; empty if the probe did not say. */
  public String lessMemory() {
    return lessMemory;
  }

  /** Bytes that it writes into the run folder: artifacts and stages. */
  public long disk() {
    return disk;
  }

  /** Sentences about its work, shown to the user with the plan. */
  public List<String> remarks() {
    return remarks;
  }

  /** Collects needs. */
  public static final class Builder {
    private final List<CaptureRequest> captures = new ArrayList<>();
    private final List<EvaluationSpec> evaluations = new ArrayList<>();
    private boolean control;
    private long tokens;
    private OptionalLong expected = OptionalLong.empty();
    private OptionalLong controlTokens = OptionalLong.empty();
    private long backward;
    private long memory;
    private String lessMemory = "";
    private long disk;
    private final List<String> remarks = new ArrayList<>();

    private Builder() {}

    /** Adds activations. */
    public Builder capture(CaptureRequest request) {
      captures.add(request);
      return this;
    }

    /** Adds an evaluation and the activations it reads. */
    public Builder evaluate(EvaluationSpec spec) {
      evaluations.add(spec);
      spec.requests().forEach(this::capture);
      return this;
    }

    /** Asks for the control model. */
    public Builder control() {
      control = true;
      return this;
    }

    /** Asks for the control model, and says how many tokens the probe runs through it itself. */
    public Builder control(long mostTokens) {
      controlTokens = OptionalLong.of(controlTokens.orElse(0) + mostTokens);
      return control();
    }

    /** Announces how many tokens, at most, the probe itself runs through models. */
    public Builder runs(long mostTokens) {
      tokens += mostTokens;
      return this;
    }

    /**
     * Says how many of the tokens of {@link #runs} it will probably run, where what decides that is
     * only known later and the bound is far away.
     */
    public Builder expects(long probableTokens) {
      expected = OptionalLong.of(expected.orElse(0) + probableTokens);
      return this;
    }

    /** Announces how many tokens, at most, the probe itself differentiates. */
    public Builder backward(long mostTokens) {
      backward += mostTokens;
      return this;
    }

    /**
     * Announces what the probe itself holds outside the heap.
     *
     * @param less what a user can change if that is too much, for example {@code choose fewer
     *     layers}
     */
    public Builder holds(long bytes, String less) {
      memory += bytes;
      lessMemory = less;
      return this;
    }

    /** Announces what the probe writes into the run folder. */
    public Builder writes(long bytes) {
      disk += bytes;
      return this;
    }

    /** Adds a sentence about the work, shown to the user with the plan. */
    public Builder remark(String sentence) {
      remarks.add(sentence);
      return this;
    }

    /** The needs. */
    public Needs build() {
      return new Needs(this);
    }
  }
}
