package dev.sonde.api.probe;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Report;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a running probe works on. Calls come from the probe's own thread; parallel work inside a
 * probe must not touch it.
 */
public interface ProbeContext extends Inputs {
  /**
   * The main model with weights drawn afresh, for probes that ask for it in their {@link
   * Needs#control needs}; empty where the main model has such weights itself.
   */
  default Optional<Model> control() {
    return Optional.empty();
  }

  /** Activations, from the store where they are there already. */
  Captured capture(CaptureRequest request);

  /**
   * Activations on a further data set.
   *
   * @throws dev.sonde.api.InvalidInputException if the experiment has none of that name
   */
  default Captured capture(String set, CaptureRequest request) {
    throw new InvalidInputException("the experiment has no data set '%s'".formatted(set));
  }

  /**
   * Activations of a further model on the main data set.
   *
   * @throws dev.sonde.api.InvalidInputException if the experiment has none of that name
   */
  default Captured captureOf(String model, CaptureRequest request) {
    throw new InvalidInputException("the experiment has no further model '%s'".formatted(model));
  }

  /**
   * Evaluates decoders with every control the engine knows and puts the figures into the report.
   *
   * @throws dev.sonde.api.InvalidInputException if the study has no labels or only one class
   */
  Evaluation evaluate(EvaluationSpec spec);

  /**
   * A decoder by its short name, with default settings.
   *
   * @throws dev.sonde.api.InvalidInputException if no plugin has one of that name
   */
  Decoder decoder(String name);

  /** The linear algebra of the run. */
  LinearAlgebra linearAlgebra();

  /** Random numbers that depend on the run's seed, the probe and the purpose only. */
  RandomGenerator random(String purpose);

  /**
   * How often groups are drawn for a bootstrap interval: the experiment's {@code
   * evaluation.bootstrap}, the same for every interval of a report.
   */
  default int bootstrapDraws() {
    return 1000;
  }

  /** Where metrics, tables, figures and notes go. */
  Report report();

  /**
   * Writes a safetensors file into the run's artifacts.
   *
   * @param name file name without ending; {@code folder/name} writes into a folder of the probe
   * @param tensors by name; a matrix of one row is written as a vector
   * @param metadata text pairs for the file's header
   */
  void saveTensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata);

  /**
   * Writes directions into the run's artifacts. Points that the format does not hold are left out,
   * which the run's log says; where none is left no file is written.
   *
   * @param name file name without ending
   * @param format the short name of a {@link VectorFormat}, which is also the file's ending
   * @throws InvalidInputException if no plugin has a format of that name
   */
  default void saveDirections(String name, String format, VectorFormat.Directions directions) {
    throw new InvalidInputException("no plugin has a vector format '%s'".formatted(format));
  }

  /**
   * Writes a text into the run's artifacts.
   *
   * @param name file name without ending
   * @param ending the file's ending without the dot, for example {@code jsonl}
   */
  default void saveText(String name, String ending, String text) {
    throw new UnsupportedOperationException("this host keeps no text artifacts");
  }

  /**
   * A part of a long work that is not done again when the run is resumed. What it computes must
   * follow from its name, the settings and the stages before it; the model forgets what it kept of
   * earlier requests, so that a resumed run computes the same bytes.
   *
   * @param name a plain file name, unique in the probe
   * @param work computes the result
   * @return the result, computed now or read back
   */
  default byte[] stage(String name, Supplier<byte[]> work) {
    return work.get();
  }

  /**
   * Notes what something cost, in {@code timing.json} and so outside every comparison.
   *
   * @param name dotted lower-case words, for example {@code cost.forward_tokens}
   */
  default void cost(String name, long amount) {}

  /**
   * Tells how far the probe is.
   *
   * @param done between 0 and {@code total}
   */
  void progress(String what, long done, long total);
}
