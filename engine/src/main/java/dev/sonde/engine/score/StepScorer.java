package dev.sonde.engine.score;

import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.fitted.Decoders;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.LazyLinearAlgebra;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.formats.ContentHash;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A saved probe on single steps of a generation. */
public final class StepScorer {
  /** The false-positive rate whose threshold is taken where none is given. */
  private static final double RATE = 0.05;

  private final ScoredBy scoredBy;
  private final double above;

  private StepScorer(ScoredBy scoredBy, double above) {
    this.scoredBy = scoredBy;
    this.above = above;
  }

  /**
   * A probe on the steps of a model.
   *
   * @param above the threshold; empty for the probe's own at 5 % false positives
   * @param anyway whether another model or tokenizer than the probe's is allowed
   * @throws dev.sonde.api.InvalidInputException if the probe does not fit the model, or has no
   *     threshold
   */
  public static StepScorer of(
      Path place,
      OpenModel model,
      PluginRegistry plugins,
      Folders folders,
      OptionalDouble above,
      boolean anyway,
      Progress progress) {
    SavedProbe probe = ProbeFile.read(place);
    ContentHash hashes = new ContentHash(folders.cache().resolve("hashes"));
    MadeWith.check(probe, model, hashes, Optional.empty(), anyway).forEach(progress::warning);
    if (above.isEmpty() && probe.reading().aggregate().isEmpty()) {
      progress.warning(
          "the probe '%s' has its threshold for one row a text, and steps are many: more than 5 in 100 of them may lie above it by chance; name your own with --above, or calibrate it with --aggregate max"
              .formatted(probe.name()));
    }
    return new StepScorer(
        new ScoredBy(
            probe,
            new Decoders(plugins, Map.of()),
            new LazyLinearAlgebra(plugins, model.plugin(), folders.resources()),
            Optional.empty(),
            false),
        above.isPresent() ? above.getAsDouble() : probe.threshold(RATE).score());
  }

  /** Where it reads. */
  public HookPoint point() {
    return scoredBy.probe().reading().point();
  }

  /** Above which it fires. */
  public double above() {
    return above;
  }

  /** The score of the state that a token is predicted from. */
  public double score(float[] row) {
    return scoredBy.score(row);
  }
}
