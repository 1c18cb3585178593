package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sonde.api.SondeException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.report.Claim;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What every probe keeps to, on made-up activations in which a direction is planted from the second
 * of three blocks on; see {@link PlantedContext}. A probe that runs the model itself extends {@link
 * ModelProbeContract}.
 */
public abstract class ProbeContract extends ExtensionContract {
  private static final long SHUFFLE = 5;

  /** The AUROC that the planted direction, three deviations apart, exceeds by far. */
  private static final double FOUND = 0.9;

  /** What the best of a few AUROCs of rows in 40 groups stays below by chance. */
  private static final double NOT_FOUND = 0.8;

  /** For sub-classes. */
  protected ProbeContract() {}

  @Override
  protected abstract ProbeFactory factory();

  /** Settings that differ from their defaults. */
  protected Map<String, Object> settings() {
    return Map.of();
  }

  /**
   * Asserts that the planted direction was found: by default, that an evaluation or a claim of the
   * probe says so.
   */
  protected void assertFound(PlantedContext context) {
    assertThat(context.bestAuroc() > FOUND || holding(context.reported()) > 0)
        .as(
            "the planted direction is found: some evaluation has an AUROC above %s (the best has"
                + " %.3f), or a claim is answered yes; a probe that evaluates nothing"
                + " overrides assertFound(PlantedContext)",
            FOUND, context.bestAuroc())
        .isTrue();
  }

  /** Asserts that nothing was found where labels mean nothing: by default, no claim holds. */
  protected void assertNotFound(PlantedContext context) {
    assertThat(holding(context.reported()))
        .as("number of claims that are answered yes on shuffled labels, which mean nothing")
        .isZero();
    assertThat(context.bestAuroc())
        .as("the best AUROC on shuffled labels, which mean nothing")
        .isLessThan(NOT_FOUND);
  }

  private static long holding(RecordedReport report) {
    return report.claims().stream().filter(claim -> claim.answer() == Claim.Answer.YES).count();
  }

  private Probe probe() {
    return factory().create(new SettingsConfig(factory().settings(), settings()));
  }

  private PlantedContext run(PlantedStudy study) {
    PlantedContext context = new PlantedContext(study);
    try (Probe probe = probe()) {
      probe.needs(context);
      context.run(probe);
    }
    return context;
  }

  private static Set<String> announced(Needs needs) {
    Set<String> names = new TreeSet<>();
    for (CaptureRequest request : needs.captures()) {
      for (String pattern : request.points()) {
        HookPoint.expand(pattern, PlantedContext.LAYERS).forEach(p -> names.add(p.name()));
      }
    }
    return names;
  }

  @Test
  void itsNeedsFollowFromModelAndDataAlone() {
    PlantedStudy study = PlantedStudy.planted();
    try (Probe first = probe();
        Probe second = probe()) {
      Set<String> needs = announced(first.needs(new PlantedContext(study)));
      assertThat(announced(first.needs(new PlantedContext(study))))
          .as("hook points that needs() announces when the same probe is asked again")
          .isEqualTo(needs);
      assertThat(announced(second.needs(new PlantedContext(study))))
          .as("hook points that another probe of the same settings announces")
          .isEqualTo(needs);
    }
  }

  @Test
  void itAnnouncesWhatItReadsSoThatOnePassServesAllProbes() {
    PlantedStudy study = PlantedStudy.planted();
    Set<String> announced;
    try (Probe probe = probe()) {
      announced = announced(probe.needs(new PlantedContext(study)));
    }
    assertThat(announced)
        .as(
            "hook points that needs() announces, among which everything is that run() captures or"
                + " evaluates on; add what is missing to Needs")
        .containsAll(PlantedContext.names(run(study).read()));
  }

  @Test
  void itFindsWhatIsPlanted() {
    assertFound(run(PlantedStudy.planted()));
  }

  @Test
  void itFindsNothingWhereLabelsMeanNothing() {
    assertNotFound(run(PlantedStudy.shuffled(SHUFFLE)));
  }

  @Test
  void itReportsSomething() {
    ReportChecks.assertSomething(run(PlantedStudy.planted()).reported());
  }

  @Test
  void theSameRunGivesTheSameReport() {
    List<String> first = run(PlantedStudy.planted()).lines();
    assertThat(run(PlantedStudy.planted()).lines())
        .as(
            "what a second run on the same data reports; draw from context.random(purpose) only,"
                + " and keep nothing between runs")
        .isEqualTo(first);
  }

  @Test
  void itsFiguresOfMeritHaveNamesOfTheirOwnAndStandOnce() {
    ReportChecks.assertNamesOfItsOwnThatStandOnce(run(PlantedStudy.planted()).reported());
  }

  @Test
  void everyFigureOfMeritHasAValueSomewhere() {
    ReportChecks.assertValues(run(PlantedStudy.planted()).reported());
  }

  @Test
  void everyFigureIsVegaLiteOnItsOwnTables() {
    ReportChecks.assertFiguresFit(run(PlantedStudy.planted()).reported());
  }

  @Test
  void everyClaimSaysWhy() {
    ReportChecks.assertClaimsSayWhy(run(PlantedStudy.planted()).reported());
  }

  @Test
  void dataWithoutLabelsServeOrAreRefusedInWords() {
    try {
      assertThat(run(PlantedStudy.unlabelled()).reported().size())
          .as("number of things that a run on rows without labels reports")
          .isPositive();
    } catch (SondeException refused) {
      assertThat(refused.getMessage())
          .as("the message that refuses rows without labels says that a label is missing")
          .contains("label");
    }
  }

  @Test
  void itMayBeClosedWithoutHavingRunAndTwice() {
    Probe probe = probe();
    probe.close();
    assertThatCode(probe::close)
        .as("closing a probe a second time, which does nothing")
        .doesNotThrowAnyException();
  }
}
