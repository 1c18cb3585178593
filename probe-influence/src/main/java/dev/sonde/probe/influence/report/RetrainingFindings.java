package dev.sonde.probe.influence.report;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.influence.check.Datamodeling;
import dev.sonde.probe.influence.check.RemovalBank;
import dev.sonde.probe.influence.check.RetrainingSettings.Removals;
import dev.sonde.probe.influence.check.Retrainings;
import dev.sonde.probe.influence.score.ScoredDocuments;

/** What scores predicted against what training again did. */
public final class RetrainingFindings {
  private final ProbeContext context;
  private final ScoredDocuments scored;
  private final Removals removals;
  private final Retrainings retrainings;

  /**
   * Of some scores and retrainings, as a section of a report.
   *
   * @param removals what this run would remove
   */
  public RetrainingFindings(
      ProbeContext context, ScoredDocuments scored, Removals removals, Retrainings retrainings) {
    this.context = context;
    this.scored = scored;
    this.removals = removals;
    this.retrainings = retrainings;
  }

  /** Reports them, as far as the retrainings allow. */
  public void report() {
    Datamodeling datamodeling =
        Datamodeling.of(retrainings, context.bootstrapDraws(), context.random("lds"));
    if (datamodeling.suffices()) {
      new DatamodelingFindings(context.report(), scored, datamodeling).report();
    }
    RemovalBank bank = new RemovalBank(retrainings, scored.documents().size());
    new RemovalFindings(context, scored, removals, bank).report();
  }
}
