package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sonde.api.data.Study;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.text.TokenizerFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every probe that runs the model itself keeps to, on a small real model: a backend opens it,
 * with a tokenizer, a copy with fresh weights, further models and data sets. A probe that works on
 * captured activations alone extends {@link ProbeContract}.
 *
 * <p>The probe is run four times in all, so the data should be small.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ModelProbeContract extends ExtensionContract {
  /** How far above what a probe runs its announcement may be, by default. */
  private static final double MOST_OVERSTATED = 50;

  /** How far what it expects may be from what it runs, either way. */
  private static final double FAR = 10;

  private static final int SEVERAL = 3;

  /** A folder of the tests, for the backend's cache. */
  private Optional<Path> folder = Optional.empty();

  private Optional<HostedInputs> open = Optional.empty();
  private Optional<Ran> ran = Optional.empty();

  /** For sub-classes. */
  protected ModelProbeContract() {}

  /** A run and what the probe asked of models meanwhile. */
  private record Ran(WorkersContext context, TokenCount main, TokenCount control) {}

  @Override
  protected abstract ProbeFactory factory();

  /** Opens the models. */
  protected abstract ModelBackendFactory backend();

  /** Opens the models' tokenizers. */
  protected abstract TokenizerFactory tokenizer();

  /** The model's folder or file. */
  protected abstract Path model();

  /** A small main data set, on which the probe has something to report. */
  protected abstract Study study();

  /** Further data sets by name. */
  protected Map<String, Study> sets() {
    return Map.of();
  }

  /** Folders of further models by name. */
  protected Map<String, Path> models() {
    return Map.of();
  }

  /** Settings that differ from their defaults. */
  protected Map<String, Object> settings() {
    return Map.of();
  }

  /**
   * What the probe multiplies and decomposes matrices with. To be overridden where a probe
   * decomposes more than 100 × 100 cells, for which this one is slow.
   */
  protected LinearAlgebra linearAlgebra() {
    return new TextbookAlgebra();
  }

  /** How many times as much as the probe runs it may announce, at most. */
  protected double mostOverstated() {
    return MOST_OVERSTATED;
  }

  private Probe probe() {
    return factory().create(new SettingsConfig(factory().settings(), settings()));
  }

  @BeforeAll
  void keep(@TempDir Path ofTheTests) {
    folder = Optional.of(ofTheTests);
  }

  private HostedInputs open() {
    if (open.isEmpty()) {
      open = Optional.of(HostedInputs.open(this, folder.orElseThrow()));
    }
    return open.get();
  }

  @AfterAll
  void closeModels() {
    open.ifPresent(HostedInputs::close);
  }

  /** Runs the probe with shards computed by so many others; 0 where it computes them itself. */
  private WorkersContext run(int workers) {
    WorkersContext context = new WorkersContext(open().inputs(), this::probe, workers);
    context.algebra(linearAlgebra());
    context.run();
    return context;
  }

  /** The run whose report and cost are looked at. */
  private Ran ran() {
    if (ran.isEmpty()) {
      TokenCount main = open().startCount();
      TokenCount control = open().startControlCount();
      ran = Optional.of(new Ran(run(0), main, control));
      open().startCount();
      open().startControlCount();
    }
    return ran.get();
  }

  private RecordedReport report() {
    return ran().context().reported();
  }

  private Needs needs() {
    try (Probe probe = probe()) {
      return probe.needs(open().inputs());
    }
  }

  private Set<String> captures(Needs needs) {
    int layers = open().inputs().model().info().layers();
    Set<String> names = new TreeSet<>();
    for (CaptureRequest request : needs.captures()) {
      names.addAll(WorkersContext.captures(request, layers));
    }
    return names;
  }

  private List<Object> announced(Needs needs) {
    return List.of(
        captures(needs),
        needs.control(),
        needs.tokens(),
        needs.expected(),
        needs.controlTokens(),
        needs.backward(),
        needs.memory(),
        needs.disk(),
        needs.remarks());
  }

  @Test
  void itsNeedsFollowFromModelAndDataAlone() {
    List<Object> needs = announced(needs());
    try (Probe probe = probe()) {
      probe.needs(open().inputs());
      assertThat(announced(probe.needs(open().inputs())))
          .as("what needs() announces when the same probe is asked again")
          .isEqualTo(needs);
    }
    assertThat(announced(needs()))
        .as("what another probe of the same settings announces")
        .isEqualTo(needs);
  }

  @Test
  void itsNeedsRunNoModel() {
    TokenCount main = open().startCount();
    TokenCount control = open().startControlCount();
    needs();
    assertThat(main.isNothing() && control.isNothing())
        .as("needs() runs nothing, as it is asked where nothing may be run; it ran %s", main)
        .isTrue();
  }

  @Test
  void itAnnouncesWhatItReadsSoThatOnePassServesAllProbes() {
    assertThat(captures(needs()))
        .as(
            "hook points that needs() announces, among which everything is that run() captures or"
                + " evaluates on; add what is missing to Needs")
        .containsAll(ran().context().read());
  }

  @Test
  void itAnnouncesThatItWorksOnTheControl() {
    assertThat(needs().control() || !ran().context().controlled())
        .as("a probe that asks for control() announces it: Needs.none().withControl()")
        .isTrue();
  }

  @Test
  void itRunsNoMoreThanItAnnounces() {
    Needs needs = needs();
    Ran run = ran();
    assertThat(run.main().forward())
        .as("tokens run through models, at most those of Needs.none().runs(…)")
        .isLessThanOrEqualTo(needs.tokens());
    assertThat(run.control().forward())
        .as("tokens run through the control, at most those of runs(…), or of control(…)")
        .isLessThanOrEqualTo(needs.controlTokens());
    assertThat(Math.max(run.main().backward(), run.control().backward()))
        .as("tokens run backward, at most those of Needs.none().backward(…)")
        .isLessThanOrEqualTo(needs.backward());
  }

  @Test
  void itAnnouncesNoFancifulCost() {
    Needs needs = needs();
    Ran run = ran();
    assertWithin("tokens run through models", needs.tokens(), run.main().forward());
    assertWithin("tokens run backward", needs.backward(), run.main().backward());
    assertWithin("tokens run through the control", needs.controlTokens(), run.control().forward());
  }

  private void assertWithin(String what, long announced, long actual) {
    assertThat((double) announced)
        .as(
            "%s as announced, at most %.0f times the %d that were run; who expects a bound too wide"
                + " narrows it, or overrides mostOverstated()",
            what, mostOverstated(), actual)
        .isLessThanOrEqualTo(mostOverstated() * actual);
  }

  @Test
  void whatItExpectsIsNotFarFromWhatItRuns() {
    Needs needs = needs();
    assertThat(needs.expected())
        .as("tokens that it expects to run, no more than it runs at most")
        .isLessThanOrEqualTo(needs.tokens());
    if (needs.expected() < needs.tokens()) {
      double actual = ran().main().forward();
      assertThat((double) needs.expected())
          .as("tokens of expects(…), within a factor of ten of the %.0f that were run", actual)
          .isBetween(actual / FAR, actual * FAR);
    }
  }

  @Test
  void itReportsSomething() {
    ReportChecks.assertSomething(report());
  }

  @Test
  void theSameRunGivesTheSameReport() {
    assertThat(run(0).lines())
        .as(
            "what a second run on the same data reports and saves; draw from"
                + " context.random(purpose) only, and keep nothing between runs")
        .isEqualTo(ran().context().lines());
  }

  @Test
  void aProbeThatIsMadeAgainComputesShardsAsTheRunningOneDoes() {
    assertThat(run(1).lines())
        .as(
            "what a run reports and saves whose shards another instance computes: a shard follows"
                + " from its input, the settings and earlier stages, not from fields of the probe")
        .isEqualTo(ran().context().lines());
  }

  @Test
  void severalWorkersGiveWhatOneGives() {
    assertThat(run(SEVERAL).lines())
        .as("what a run reports and saves whose shards three others compute, in another order")
        .isEqualTo(ran().context().lines());
  }

  @Test
  void itsFiguresOfMeritHaveNamesOfTheirOwnAndStandOnce() {
    ReportChecks.assertNamesOfItsOwnThatStandOnce(report());
  }

  @Test
  void everyFigureOfMeritHasAValueSomewhere() {
    ReportChecks.assertValues(report());
  }

  @Test
  void everyFigureIsVegaLiteOnItsOwnTables() {
    ReportChecks.assertFiguresFit(report());
  }

  @Test
  void everyClaimSaysWhy() {
    ReportChecks.assertClaimsSayWhy(report());
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
