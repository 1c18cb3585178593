package dev.sonde.engine.run;

import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.model.Models;
import dev.sonde.engine.model.OpenModel;
import java.util.Optional;

/** The main model's shape with fresh weights, opened when a probe first asks for it. */
final class FreshModel implements AutoCloseable {
  private final Models models;
  private final Experiment experiment;
  private final OpenModel main;
  private Optional<OpenModel> opened;

  /**
   * The control of a model.
   *
   * @param opened where a part of the run has opened it already
   */
  FreshModel(Models models, Experiment experiment, OpenModel main, Optional<OpenModel> opened) {
    this.models = models;
    this.experiment = experiment;
    this.main = main;
    this.opened = opened;
  }

  /** The model; empty where the experiment wants no such control. */
  Optional<OpenModel> open() {
    if (opened.isEmpty()
        && experiment.evaluation().randomInit()
        && main.reference().freshSeed().isEmpty()) {
      opened = Optional.of(models.open(experiment.model().withFreshWeights(experiment.seed())));
    }
    return opened;
  }

  /** See {@link OpenModel#forget}; a model that was not opened has nothing to forget. */
  void forget() {
    opened.ifPresent(OpenModel::forget);
  }

  @Override
  public void close() {
    opened.ifPresent(OpenModel::close);
  }
}
