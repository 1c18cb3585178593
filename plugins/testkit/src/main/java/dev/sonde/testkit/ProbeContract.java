package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.SondeException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.report.Metric;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What every probe keeps to, on made-up activations in which a direction is planted from the second
 * of three blocks on; see {@link PlantedContext}.
 */
public abstract class ProbeContract extends ExtensionContract {
  private static final long SHUFFLE = 5;

  /** Names of figures that the engine keeps for what it evaluates itself. */
  private static final String RESERVED =
      "(auroc|accuracy|selectivity|optimism)(\\..*)?"
          + "|(p|baseline|mdl|spearman|pearson|transfer)\\..*|rows\\.truncated";

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
    assertThat(context.bestAuroc() > 0.9 || claims(context.reported(), 1) > 0)
        .as("the planted direction is evaluated above 0.9, or a verdict.CLAIM is 1")
        .isTrue();
  }

  /** Asserts that nothing was found where labels mean nothing: by default, no claim holds. */
  protected void assertNotFound(PlantedContext context) {
    assertThat(claims(context.reported(), 1)).as("claims that hold on shuffled labels").isZero();
    assertThat(context.bestAuroc()).as("AUROC on shuffled labels").isLessThan(0.8);
  }

  private static long claims(RecordedReport report, double value) {
    return report.metrics().stream()
        .filter(metric -> metric.name().startsWith("verdict."))
        .filter(metric -> metric.value().isPresent() && metric.value().getAsDouble() == value)
        .count();
  }

  private Probe probe() {
    return factory().create(new SettingsConfig(factory().settings(), settings()));
  }

  private PlantedContext run(PlantedStudy study) {
    PlantedContext context = new PlantedContext(study);
    try (Probe probe = probe()) {
      probe.needs(context);
      probe.run(context);
    }
    context.end();
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
      assertThat(announced(first.needs(new PlantedContext(study)))).isEqualTo(needs);
      assertThat(announced(second.needs(new PlantedContext(study)))).isEqualTo(needs);
    }
  }

  @Test
  void itAnnouncesWhatItReadsSoThatOnePassServesAllProbes() {
    PlantedStudy study = PlantedStudy.planted();
    Set<String> announced;
    try (Probe probe = probe()) {
      announced = announced(probe.needs(new PlantedContext(study)));
    }
    assertThat(announced).containsAll(PlantedContext.names(run(study).read()));
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
    PlantedContext context = run(PlantedStudy.planted());
    assertThat(context.reported().size()).as("metrics, tables, figures and notes").isPositive();
  }

  @Test
  void theSameRunGivesTheSameReport() {
    List<String> first = run(PlantedStudy.planted()).reported().lines();
    assertThat(run(PlantedStudy.planted()).reported().lines()).isEqualTo(first);
  }

  @Test
  void itsFiguresOfMeritHaveNamesOfTheirOwnAndStandOnce() {
    Set<String> seen = new TreeSet<>();
    for (Metric metric : run(PlantedStudy.planted()).reported().metrics()) {
      assertThat(metric.name())
          .matches("[a-z][a-zA-Z0-9_]*(\\.[a-zA-Z0-9_]+)*")
          .doesNotMatch(RESERVED);
      assertThat(seen.add(metric.name() + metric.where()))
          .as("%s at %s stands once", metric.name(), metric.where())
          .isTrue();
    }
  }

  @Test
  void everyClaimSaysWhy() {
    for (Metric metric : run(PlantedStudy.planted()).reported().metrics()) {
      if (metric.name().startsWith("verdict.")) {
        assertThat(metric.where()).containsKey("because");
        assertThat(metric.value()).isPresent();
        assertThat(metric.value().getAsDouble()).isIn(0.0, 1.0);
      }
    }
  }

  @Test
  void dataWithoutLabelsServeOrAreRefusedInWords() {
    try {
      assertThat(run(PlantedStudy.unlabelled()).reported().size()).isPositive();
    } catch (SondeException refused) {
      assertThat(refused.getMessage()).contains("label");
    }
  }

  @Test
  void itMayBeClosedWithoutHavingRunAndTwice() {
    Probe probe = probe();
    probe.close();
    probe.close();
  }
}
