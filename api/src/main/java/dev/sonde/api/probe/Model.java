package dev.sonde.api.probe;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.api.text.Tokenizer;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A model as a probe sees it: a backend and its tokenizer. */
public interface Model {
  /** What is known of it. */
  ModelInfo info();

  /** What it can do. */
  Capabilities capabilities();

  /**
   * Its tokenizer.
   *
   * @throws dev.sonde.api.ModelUnavailableException if the model brings none
   */
  Tokenizer tokenizer();

  /** Streams activations without storing them; {@link ProbeContext#capture} stores. */
  ActivationStream forward(ForwardRequest request);

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
    forward(ForwardRequest.of(sequences).read(Read.logProbabilities()).build())
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
    forward(ForwardRequest.of(sequences).read(read).build())
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

  /** Continues sequences. */
  GenerationStream generate(GenerateRequest request);

  /**
   * Continues the training of a copy; this model stays as it is.
   *
   * @return the trained model, which the caller closes
   * @throws UnsupportedCapabilityException if {@link Capabilities#TRAINING} is not among the
   *     features
   */
  default TrainedModel train(TrainingPlan plan) {
    throw new UnsupportedCapabilityException("this host does not train");
  }
}
