package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training further does, for backends that train, on a small random Llama. */
public abstract class TrainingContract {
  /** A folder for the test. */
  @TempDir protected Path folder;

  private LanguageModel backend;

  /** For sub-classes. */
  protected TrainingContract() {}

  /** The backend under test. */
  protected abstract ModelBackendFactory factory();

  @BeforeEach
  void open() {
    backend = open(TinyModel.write(folder.resolve("model"), 1));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private LanguageModel open(Path model) {
    return new AssertingBackend(OpenedModel.of(factory(), model, folder));
  }

  @Test
  void trainingRaisesTheLikelihoodOfItsTokensAndLeavesTheModelAsItIs() throws Exception {
    List<Sequence> batch = trainedOn();
    double before = logProbability(backend, batch);
    try (LanguageModel trained = backend.train(plan(batch))) {
      double after = logProbability(trained, batch);
      assertThat(after)
          .as("the documents' log-probability in nats after some steps of training on them")
          .isGreaterThan(before + 0.1);
      assertThat(logProbability(backend, batch))
          .as("the documents' log-probability by the model itself: a copy is trained")
          .isEqualTo(before);
      Path saved = folder.resolve("trained");
      trained.save(saved);
      try (LanguageModel again = open(saved)) {
        assertThat(logProbability(again, batch))
            .as("the documents' log-probability by the saved folder, opened")
            .isCloseTo(after, within(1e-4));
      }
    }
  }

  @Test
  void theSamePlanGivesTheSameWeights() {
    try (LanguageModel one = backend.train(plan(trainedOn()));
        LanguageModel other = backend.train(plan(trainedOn()))) {
      assertThat(one.info().contentHash())
          .as("the content hash, which follows the trained weights; the same plan gives the same")
          .isEqualTo(other.info().contentHash())
          .isNotEqualTo(backend.info().contentHash());
    }
  }

  private List<Sequence> trainedOn() {
    return Stream.of(new int[] {3, 4, 5, 6, 7}, new int[] {8, 9}, new int[] {20, 21, 22})
        .map(each -> Sequence.of(each).scoreFrom(1))
        .toList();
  }

  private static TrainingPlan plan(List<Sequence> batch) {
    List<TrainingPlan.Step> steps = Collections.nCopies(5, TrainingPlan.Step.of(batch, 0.01));
    return TrainingPlan.of(steps);
  }

  /** The mean over all targets, in nats. */
  private static double logProbability(LanguageModel model, List<Sequence> sequences) {
    Readings read = Readings.of(model, Read.logProbabilities(), sequences);
    double sum = 0;
    int count = 0;
    for (int i = 0; i < sequences.size(); i++) {
      for (int target = 0; target < sequences.get(i).targets().size(); target++) {
        sum += read.row(i, target)[0];
        count++;
      }
    }
    return sum / count;
  }
}
