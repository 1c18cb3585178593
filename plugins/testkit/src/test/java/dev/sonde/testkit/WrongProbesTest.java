package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.config.Config;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A probe that keeps the contract passes it; each way of breaking it fails a check. */
class WrongProbesTest {
  private static final CaptureRequest READS =
      CaptureRequest.of(List.of("blocks.*.hook_resid_post"), "last");
  private static final CaptureRequest EVALUATION = READS.decodedBy(List.of("difference_of_means"));

  @Test
  void everyCheckCanFail() {
    assertThat(Verdicts.neverFailed(Right.class)).isEmpty();
  }

  @Test
  void aProbeThatKeepsTheContractPasses() {
    Verdicts verdicts = Verdicts.of(Right.class);
    assertThat(verdicts.failed()).isEmpty();
    assertThat(verdicts.passed()).hasSize(15);
  }

  @Test
  void aProbeThatReadsWhatItDidNotAnnounceFails() {
    assertThat(Verdicts.of(Secretive.class).failed())
        .containsOnly("itAnnouncesWhatItReadsSoThatOnePassServesAllProbes");
  }

  @Test
  void aProbeThatNeedsSomethingElseEachTimeFails() {
    assertThat(Verdicts.of(Fickle.class).failed()).contains("itsNeedsFollowFromModelAndDataAlone");
  }

  @Test
  void aProbeThatLooksAtTheFirstBlockOnlyFindsNothing() {
    assertThat(Verdicts.of(Shallow.class).failed()).containsOnly("itFindsWhatIsPlanted");
  }

  @Test
  void aProbeThatAlwaysClaimsFails() {
    assertThat(Verdicts.of(Boastful.class).failed())
        .containsOnly("itFindsNothingWhereLabelsMeanNothing");
  }

  @Test
  void aProbeWhoseClaimHasNoTestFails() {
    assertThat(Verdicts.of(Untested.class).failed()).containsOnly("everyClaimSaysWhy");
  }

  @Test
  void aProbeThatWritesAnAnswerItselfFails() {
    assertThat(Verdicts.of(Overbearing.class).failed())
        .containsOnly("itsFiguresOfMeritHaveNamesOfTheirOwnAndStandOnce");
  }

  @Test
  void aProbeThatSaysNothingFails() {
    assertThat(Verdicts.of(Silent.class).failed())
        .contains("itReportsSomething", "itFindsWhatIsPlanted");
  }

  @Test
  void aProbeThatCountsAcrossRunsFails() {
    assertThat(Verdicts.of(Counting.class).failed()).containsOnly("theSameRunGivesTheSameReport");
  }

  @Test
  void aProbeThatTakesTheEnginesNamesFails() {
    assertThat(Verdicts.of(Grasping.class).failed())
        .containsOnly("itsFiguresOfMeritHaveNamesOfTheirOwnAndStandOnce");
  }

  @Test
  void aProbeThatUsesItsContextFromAnotherThreadFails() {
    assertThat(Verdicts.of(Threaded.class).failed()).contains("itReportsSomething");
  }

  @Test
  void aProbeThatStumblesOverMissingLabelsFails() {
    assertThat(Verdicts.of(Stumbling.class).failed())
        .containsOnly("dataWithoutLabelsServeOrAreRefusedInWords");
  }

  @Test
  void aProbeThatCanBeClosedOnceOnlyFails() {
    assertThat(Verdicts.of(ClosedOnce.class).failed())
        .containsOnly("itMayBeClosedWithoutHavingRunAndTwice");
  }

  @Test
  void aProbeWhoseFigureOfMeritIsNeverANumberFails() {
    assertThat(Verdicts.of(Undefined.class).failed())
        .containsOnly("everyFigureOfMeritHasAValueSomewhere");
  }

  @Test
  void aProbeWhoseFigureIsBrokenOrDrawsWhatIsNotThereFails() {
    assertThat(Verdicts.of(Drawn.class).failed()).isEmpty();
    assertThat(Verdicts.of(Broken.class).failed())
        .containsOnly("everyFigureIsVegaLiteOnItsOwnTables");
    assertThat(Verdicts.of(Dangling.class).failed())
        .containsOnly("everyFigureIsVegaLiteOnItsOwnTables");
  }

  @Test
  void aProbeWhoseFigureIsAnotherOneEachTimeFails() {
    assertThat(Verdicts.of(Redrawn.class).failed()).containsOnly("theSameRunGivesTheSameReport");
  }

  /** Evaluates, and reports the number of rows. */
  private static class Evaluating implements Probe {
    @Override
    public Needs needs(Inputs inputs) {
      return Needs.none().evaluate(EVALUATION);
    }

    @Override
    public void run(ProbeContext context) {
      context.evaluate(EVALUATION);
      context.report().metric(Metric.of("rows", context.study().size()));
    }
  }

  private abstract static class Contract extends ProbeContract {
    abstract Probe probe();

    @Override
    protected ProbeFactory factory() {
      return new ProbeFactory() {
        @Override
        public String name() {
          return "tested";
        }

        @Override
        public String summary() {
          return "a probe under test";
        }

        @Override
        public Probe create(Config config) {
          return probe();
        }
      };
    }
  }

  static class Right extends Contract {
    @Override
    Probe probe() {
      return new Evaluating();
    }
  }

  static class Secretive extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          super.run(context);
          context.capture(CaptureRequest.of(List.of("blocks.1.hook_mlp_out"), "last"));
        }
      };
    }
  }

  static class Fickle extends Contract {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public Needs needs(Inputs inputs) {
          String site = asked.getAndIncrement() % 2 == 0 ? "hook_mlp_out" : "hook_attn_out";
          return Needs.none()
              .evaluate(EVALUATION)
              .capture(CaptureRequest.of(List.of("blocks.*." + site), "last"));
        }
      };
    }
  }

  static class Shallow extends Contract {
    @Override
    Probe probe() {
      CaptureRequest first =
          CaptureRequest.of(List.of(HookPoint.of(0, HookPoint.RESID_POST).name()), "last")
              .decodedBy(List.of("difference_of_means"));
      return new Evaluating() {
        @Override
        public Needs needs(Inputs inputs) {
          return Needs.none().evaluate(first);
        }

        @Override
        public void run(ProbeContext context) {
          context.evaluate(first);
          context.report().note("done");
        }
      };
    }
  }

  static class Boastful extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          super.run(context);
          context
              .report()
              .claim(
                  ClaimEvidence.of("found", "Is it found?")
                      .above("score", Metric.of("score", 1).interval(1, 1), 0, "chance")
                      .testedByItsInterval());
        }
      };
    }
  }

  static class Untested extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          super.run(context);
          context
              .report()
              .claim(
                  ClaimEvidence.of("found", "Is it found?")
                      .above("score", Metric.of("score", 1).interval(1, 1), 0, "chance"));
        }
      };
    }
  }

  static class Overbearing extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          super.run(context);
          context.report().metric(Metric.of("verdict.found", 1));
        }
      };
    }
  }

  static class Silent extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {}
      };
    }
  }

  static class Counting extends Contract {
    private final AtomicInteger runs = new AtomicInteger();

    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          super.run(context);
          context.report().metric(Metric.of("runs", runs.incrementAndGet()));
        }
      };
    }
  }

  static class Grasping extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          super.run(context);
          context.report().metric(Metric.of("auroc", 1));
        }
      };
    }
  }

  static class Undefined extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          super.run(context);
          context.report().metric(Metric.of("length", Double.NaN).where("label", "yes"));
          context.report().metric(Metric.of("length", Double.NaN).where("label", "no"));
        }
      };
    }
  }

  private abstract static class Drawing extends Contract {
    abstract String vegaLite();

    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          super.run(context);
          Table curve = Table.of("curve", "A curve", List.of("x"), List.of(List.of(1)));
          context
              .report()
              .figure(Figure.of("drawn", "A figure", "One point.", vegaLite(), List.of(curve)));
        }
      };
    }
  }

  static class Drawn extends Drawing {
    @Override
    String vegaLite() {
      return "{\"data\": {\"name\": \"curve\"}, \"layer\": [{\"data\": {\"values\": []}}]}";
    }
  }

  static class Broken extends Drawing {
    @Override
    String vegaLite() {
      return "{\"data\": {\"name\": \"curve\"}";
    }
  }

  static class Dangling extends Drawing {
    @Override
    String vegaLite() {
      return "{\"layer\": [{\"data\": {\"name\": \"cruve\"}}]}";
    }
  }

  static class Redrawn extends Drawing {
    private int drawn;

    @Override
    String vegaLite() {
      return "{\"data\": {\"name\": \"curve\"}, \"width\": %d}".formatted(++drawn);
    }
  }

  static class Threaded extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          List<Throwable> thrown = new CopyOnWriteArrayList<>();
          Thread other = new Thread(() -> super.run(context));
          other.setUncaughtExceptionHandler((thread, e) -> thrown.add(e));
          other.start();
          try {
            other.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          thrown.forEach(
              e -> {
                throw new AssertionError(e);
              });
        }
      };
    }
  }

  static class Stumbling extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        @Override
        public void run(ProbeContext context) {
          context.study().targets().orElseThrow();
          super.run(context);
        }
      };
    }
  }

  static class ClosedOnce extends Contract {
    @Override
    Probe probe() {
      return new Evaluating() {
        private boolean closed;

        @Override
        public void close() {
          if (closed) {
            throw new IllegalStateException("closed before");
          }
          closed = true;
        }
      };
    }
  }
}
