package dev.sonde.probe.influence;

import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.influence.check.Retrainer;
import dev.sonde.probe.influence.check.RetrainingSettings;
import dev.sonde.probe.influence.check.Retrainings;
import dev.sonde.probe.influence.curvature.CurvatureFit;
import dev.sonde.probe.influence.curvature.FitTask;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.score.DocumentScoring;
import dev.sonde.probe.influence.score.InfluencePlan;
import dev.sonde.probe.influence.score.Scoring;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Computes the probe's shards in one context. All of it follows from the context and the settings;
 * what it keeps from one shard to the next (the plan, rows of documents, factors, preconditioned
 * queries) is computed again where it is not there, to the same bytes.
 */
final class InfluenceWork {
  private final ShardContext context;
  private final InfluenceSettings settings;
  private final InfluencePlan plan;
  private final MeteredAlgebra algebra;
  private final Gradients gradients;
  private final Optional<Retrainings> read;
  private final List<BitSet> subsets;
  private final DocumentScoring scoring;
  private Optional<CurvatureFit> latest = Optional.empty();

  InfluenceWork(ShardContext context, InfluenceSettings settings) {
    this.context = context;
    this.settings = settings;
    this.plan = settings.plan(context);
    this.algebra = new MeteredAlgebra(context.linearAlgebra());
    this.gradients = new Gradients(context.model(), plan.linears(), plan.demand().tokensAtOnce());
    this.read = read(context);
    this.subsets =
        settings.retraining().from().isPresent()
            ? new Retrainer(settings.retraining(), plan).halves(context)
            : read.map(Retrainings::halves).orElse(List.of());
    this.scoring =
        new DocumentScoring(context, plan, settings.scores(), gradients, algebra, subsets);
    gradients.keep(plan.fitted(), plan.kept(task(0).labels()));
  }

  private Optional<Retrainings> read(ShardContext from) {
    RetrainingSettings how = settings.retraining();
    String inputs = Retrainings.inputs(plan.documents(), plan.queries(), how.recipe());
    return how.read().flatMap(set -> Retrainings.read(from.study(set), inputs));
  }

  /** Retrainings of an earlier run, where there are any of these documents and queries. */
  Optional<Retrainings> read() {
    return read;
  }

  /** The random halves of the documents that training is repeated on; none where it is not. */
  List<BitSet> subsets() {
    return subsets;
  }

  /** The scoring in a run. */
  Scoring scoring(ProbeContext run) {
    return new Scoring(run, plan, settings.scores(), subsets);
  }

  boolean isIn(ShardContext other) {
    return context == other;
  }

  InfluencePlan plan() {
    return plan;
  }

  MeteredAlgebra algebra() {
    return algebra;
  }

  private FitTask task(int number) {
    return FitTask.of(number, settings.scores().strategies(number), settings.fit(), context);
  }

  /** A fit by its number. The latest one is held with what it found. */
  CurvatureFit fit(int number) {
    Optional<CurvatureFit> same = latest.filter(fit -> fit.task().number() == number);
    if (same.isPresent()) {
      return same.get();
    }
    latest = Optional.empty(); // before the next is read: both together may not fit
    CurvatureFit fit = new CurvatureFit(task(number), plan.fitted(), gradients, algebra);
    latest = Optional.of(fit);
    return fit;
  }

  /** Gives up rows and queries, once scores are computed. */
  void release() {
    gradients.release();
    scoring.release();
  }

  Artifact shard(String stage, Artifact input) {
    String kind = stage.substring(stage.lastIndexOf('-') + 1);
    return switch (kind) {
      case CurvatureFit.COVARIANCE -> fit(input).covariance(input);
      case CurvatureFit.EIGENBASIS -> fit(input).eigenbasis(input);
      case CurvatureFit.LAMBDA -> fit(input).lambda(input, context);
      case Scoring.SCORES -> scoring.scores(input, fit(input));
      case Scoring.MARKS -> scoring.marks(input, fit(input));
      case Retrainer.STAGE -> new Retrainer(settings.retraining(), plan).retrained(input, context);
      default -> throw new IllegalArgumentException("there is no stage '%s'".formatted(stage));
    };
  }

  private CurvatureFit fit(Artifact input) {
    return fit((int) input.integers("fit")[0]);
  }
}
