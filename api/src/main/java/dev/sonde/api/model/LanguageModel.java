package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.UnsupportedCapabilityException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An open model, as a backend gives it to the engine; a probe has it with its tokenizer. Called by
 * one thread at a time.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public interface LanguageModel extends AutoCloseable {
  /** What is known of it. */
  ModelInfo info();

  /** What it can do. */
  Capabilities capabilities();

  /**
   * Runs the sequences and streams what is read; nothing is stored. Reads are exact: a row does not
   * depend on which other sequences are in the request.
   *
   * @throws UnsupportedCapabilityException if a read is not among the capabilities, a layer does
   *     not exist, or a sequence is longer than the longest context
   */
  ActivationStream forward(ForwardRequest request);

  /**
   * Continues the sequences.
   *
   * @throws UnsupportedCapabilityException if it does not generate
   */
  GenerationStream generate(GenerateRequest request);

  /**
   * The log-probabilities of the targets of some sequences, in nats.
   *
   * @return {@code [sequences][targets]}
   */
  default double[][] logProbabilities(List<Sequence> sequences) {
    double[][] all = new double[sequences.size()][];
    for (int i = 0; i < all.length; i++) {
      all[i] = new double[sequences.get(i).targets().size()];
    }
    forward(ForwardRequest.of(sequences).read(Read.logProbabilities()))
        .forEach(
            batch -> {
              Rows rows = batch.rows().getFirst();
              for (int row = 0; row < rows.count(); row++) {
                all[rows.sequences()[row]][rows.places()[row]] =
                    rows.values().getAtIndex(ValueLayout.JAVA_FLOAT, row);
              }
            });
    return all;
  }

  /**
   * The rows of a read, kept in memory.
   *
   * @return per sequence its rows, in the order of their places; those of a gradient objective by
   *     objective
   */
  default List<float[][]> rows(Read read, List<Sequence> sequences) {
    List<SortedMap<Long, float[]>> found = new ArrayList<>();
    sequences.forEach(sequence -> found.add(new TreeMap<>()));
    forward(ForwardRequest.of(sequences).read(read))
        .forEach(
            batch -> {
              Rows rows = batch.rows().getFirst();
              for (int row = 0; row < rows.count(); row++) {
                long objective = read.isGradient() ? rows.objectives()[row] : 0;
                found
                    .get(rows.sequences()[row])
                    .put(
                        (objective << Integer.SIZE) + rows.places()[row],
                        rows.row(row).toArray(ValueLayout.JAVA_FLOAT));
              }
            });
    return found.stream().map(own -> own.values().toArray(float[][]::new)).toList();
  }

  /**
   * Continues the training of a copy: this model stays as it is. The same plan gives the same
   * weights on one machine.
   *
   * @return the trained model, which the caller closes
   * @throws UnsupportedCapabilityException if {@link Capabilities#TRAINING} is not among the
   *     features, with the reason
   */
  default LanguageModel train(TrainingPlan plan) {
    throw new UnsupportedCapabilityException("this model is not trained here");
  }

  /**
   * Writes the model as a Hugging Face folder that any backend opens, in float32, with its
   * tokenizer. What {@link #train} gives can be saved.
   *
   * @param folder an empty folder, or one that does not exist
   * @throws UnsupportedCapabilityException if the backend does not save
   */
  default void save(Path folder) {
    throw new UnsupportedCapabilityException("this model is not saved here");
  }

  /**
   * Forgets what earlier requests left behind, such as keys and values of prefixes. What follows is
   * computed as by a model that was just opened.
   */
  default void forget() {}

  /** Releases it; once. */
  @Override
  void close();
}
