package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What a probe will ask for, as far as it knows in advance. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Needs {
  // Set in a new copy only, before anyone else has it.
  private List<CaptureRequest> captures = List.of();
  private List<CaptureRequest> evaluations = List.of();
  private boolean control;
  private long tokens;
  private OptionalLong expected = OptionalLong.empty();
  private OptionalLong controlTokens = OptionalLong.empty();
  private long backward;
  private long memory;
  private String lessMemory = "";
  private long disk;
  private List<String> remarks = List.of();
  private List<String> columns = List.of();

  private Needs() {}

  /** Nothing: what needs are added to. */
  public static Needs none() {
    return new Needs();
  }

  private Needs copy() {
    Needs copy = new Needs();
    copy.captures = captures;
    copy.evaluations = evaluations;
    copy.control = control;
    copy.tokens = tokens;
    copy.expected = expected;
    copy.controlTokens = controlTokens;
    copy.backward = backward;
    copy.memory = memory;
    copy.lessMemory = lessMemory;
    copy.disk = disk;
    copy.remarks = remarks;
    copy.columns = columns;
    return copy;
  }

  private static <T> List<T> with(List<T> all, T one) {
    List<T> more = new ArrayList<>(all);
    more.add(one);
    return List.copyOf(more);
  }

  /** Activations it will read. */
  public List<CaptureRequest> captures() {
    return captures;
  }

  /** Evaluations it will ask for; the engine adds the reads of their controls. */
  public List<CaptureRequest> evaluations() {
    return evaluations;
  }

  /** Whether it asks for {@link ProbeContext#control()}. */
  public boolean control() {
    return control;
  }

  /**
   * Upper bound on the tokens the probe itself sends through the experiment's models, generated
   * ones included; those of a sequence that begins at a block count by the share of blocks run.
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

  /** The columns that it will give to rows. */
  public List<String> columns() {
    return columns;
  }

  /** Adds activations. */
  public Needs capture(CaptureRequest request) {
    Needs copy = copy();
    copy.captures = with(captures, request);
    return copy;
  }

  /** Adds an evaluation of the request's decoders, and the activations it reads. */
  public Needs evaluate(CaptureRequest request) {
    Needs copy = copy();
    copy.evaluations = with(evaluations, request);
    copy.captures = with(captures, request);
    return copy;
  }

  /** Asks for the control model. */
  public Needs withControl() {
    Needs copy = copy();
    copy.control = true;
    return copy;
  }

  /** Asks for the control model, and says how many tokens the probe runs through it itself. */
  public Needs withControl(long mostTokens) {
    Needs copy = copy();
    copy.control = true;
    copy.controlTokens = OptionalLong.of(controlTokens.orElse(0) + mostTokens);
    return copy;
  }

  /** Announces how many tokens, at most, the probe itself runs through models. */
  public Needs runs(long mostTokens) {
    Needs copy = copy();
    copy.tokens += mostTokens;
    return copy;
  }

  /**
   * Says how many of the tokens of {@link #runs} it will probably run, where what decides that is
   * only known later and the bound is far away.
   */
  public Needs expects(long probableTokens) {
    Needs copy = copy();
    copy.expected = OptionalLong.of(expected.orElse(0) + probableTokens);
    return copy;
  }

  /** Announces how many tokens, at most, the probe itself differentiates. */
  public Needs backward(long mostTokens) {
    Needs copy = copy();
    copy.backward += mostTokens;
    return copy;
  }

  /**
   * Announces what the probe itself holds outside the heap.
   *
   * @param less what a user can change if that is too much, for example {@code choose fewer layers}
   */
  public Needs holds(long bytes, String less) {
    Needs copy = copy();
    copy.memory += bytes;
    copy.lessMemory = less;
    return copy;
  }

  /** Announces what the probe writes into the run folder. */
  public Needs writes(long bytes) {
    Needs copy = copy();
    copy.disk += bytes;
    return copy;
  }

  /** Adds a sentence about the work, shown to the user with the plan. */
  public Needs remark(String sentence) {
    Needs copy = copy();
    copy.remarks = with(remarks, sentence);
    return copy;
  }

  /**
   * Announces columns that it will give to rows with {@link ProbeContext#saveColumns}: later probes
   * of the experiment can ask about {@code PROBE.COLUMN} as about a label of the data.
   *
   * @param names without dots
   */
  public Needs makes(List<String> names) {
    Needs copy = copy();
    List<String> all = new ArrayList<>(columns);
    all.addAll(names);
    copy.columns = List.copyOf(all);
    return copy;
  }
}
