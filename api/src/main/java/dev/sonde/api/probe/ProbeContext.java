package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Report;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * What a running probe works on. Calls come from the probe's own thread; parallel work inside a
 * probe must not touch it.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface ProbeContext extends ShardContext {
  /**
   * Evaluates the request's decoders with every control the engine knows and puts the figures into
   * the report.
   *
   * @throws dev.sonde.api.InvalidInputException if the study has no labels or only one class
   */
  Evaluation evaluate(CaptureRequest request);

  /**
   * A decoder by its short name, with default settings.
   *
   * @throws dev.sonde.api.InvalidInputException if no plugin has one of that name
   */
  Decoder decoder(String name);

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
   * Gives rows the columns that the probe announced ({@link Needs#makes}), and writes them into the
   * run's artifacts. Probes that stand behind it in the experiment see them as {@code
   * PROBE.COLUMN}, and may be asked about them in the place of labels of the data.
   *
   * @param of one of the context's studies; once each
   * @param values by column, one per example of the study: texts, finite numbers or booleans
   * @throws InvalidInputException if there are more or fewer, or a column was not announced
   */
  default void saveColumns(Study of, SequencedMap<String, List<Object>> values) {
    throw new UnsupportedOperationException("this host keeps no columns");
  }

  /**
   * A part of a long work that is not done again when the run is resumed. What it computes must
   * follow from its name, the settings and the stages before it; the models forget what they kept
   * of earlier requests, so that a resumed run computes the same bytes.
   *
   * @param name a plain file name, unique in the probe
   * @param version of the result's layout: a result of another version is computed again
   * @param work computes the result
   * @return the result as it was kept, computed now or by the run that was interrupted
   */
  default Artifact stage(String name, int version, Supplier<Artifact> work) {
    return work.get();
  }

  /**
   * A stage of many shards, each computed by {@link Probe#shard} from its input, the settings and
   * the stages before it, perhaps in another process. How they are cut is the probe's decision and
   * must not depend on the machine; those that an interrupted run finished are not done again.
   *
   * @param stage a plain file name, unique in the probe
   * @param version of the results' layout: a result of another version is computed again
   * @param inputs what each shard is given, by its name, a plain file name
   * @return the results by the same names, in the same order, for the probe to merge
   */
  SequencedMap<String, Artifact> shards(
      String stage, int version, SequencedMap<String, Artifact> inputs);

  /**
   * Notes what something cost, in {@code timing.json} and so outside every comparison. A shard has
   * no such call: what it cost belongs into its result, which is there wherever it was computed and
   * when the run is resumed; the probe adds them up.
   *
   * @param name dotted lower-case words, for example {@code cost.forward_tokens}
   */
  default void cost(String name, long amount) {}
}
