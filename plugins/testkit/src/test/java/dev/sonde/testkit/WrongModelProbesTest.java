package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.config.Config;
import dev.sonde.api.data.Study;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.text.TokenizerFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A probe that runs the model and keeps the contract passes it; each way of breaking it fails. */
class WrongModelProbesTest {
  private static final HookPoint POINT = HookPoint.of(1, HookPoint.RESID_POST);
  private static final CaptureRequest READS = CaptureRequest.of(List.of(POINT.name()), "last");
  private static final Read READ = Read.of(POINT, Selector.last());

  @Test
  void everyCheckCanFail() {
    assertThat(Verdicts.neverFailed(Right.class)).isEmpty();
  }

  @Test
  void aProbeThatKeepsTheContractPasses() {
    Verdicts verdicts = Verdicts.of(Right.class);
    assertThat(verdicts.failed()).isEmpty();
    assertThat(verdicts.passed()).hasSize(19);
  }

  @Test
  void aProbeThatAnnouncesNothingAndRunsMuchFails() {
    assertThat(Verdicts.of(Modest.class).failed()).containsOnly("itRunsNoMoreThanItAnnounces");
  }

  @Test
  void aProbeThatAnnouncesAThousandTimesWhatItRunsFails() {
    assertThat(Verdicts.of(Fanciful.class).failed()).containsOnly("itAnnouncesNoFancifulCost");
  }

  @Test
  void aProbeThatExpectsNextToNothingFails() {
    assertThat(Verdicts.of(Hopeful.class).failed())
        .containsOnly("whatItExpectsIsNotFarFromWhatItRuns");
  }

  @Test
  void aProbeThatRunsTheModelInItsNeedsFails() {
    assertThat(Verdicts.of(Hasty.class).failed()).containsOnly("itsNeedsRunNoModel");
  }

  @Test
  void aProbeThatReadsWhatItDidNotAnnounceFails() {
    assertThat(Verdicts.of(Secretive.class).failed())
        .containsOnly("itAnnouncesWhatItReadsSoThatOnePassServesAllProbes");
  }

  @Test
  void aProbeThatDoesNotSayThatItWorksOnTheControlFails() {
    assertThat(Verdicts.of(Uncontrolled.class).failed())
        .containsOnly("itAnnouncesThatItWorksOnTheControl", "itRunsNoMoreThanItAnnounces");
  }

  @Test
  void aProbeThatNeedsSomethingElseEachTimeFails() {
    assertThat(Verdicts.of(Fickle.class).failed()).contains("itsNeedsFollowFromModelAndDataAlone");
  }

  @Test
  void aProbeWhoseShardsRestOnWhatItsRunRemembersFails() {
    assertThat(Verdicts.of(Remembering.class).failed())
        .containsOnly(
            "aProbeThatIsMadeAgainComputesShardsAsTheRunningOneDoes",
            "severalWorkersGiveWhatOneGives");
  }

  @Test
  void aProbeWhoseShardsRestOnThoseBeforeThemFails() {
    assertThat(Verdicts.of(Numbering.class).failed()).contains("severalWorkersGiveWhatOneGives");
  }

  @Test
  void aProbeThatCountsAcrossRunsFails() {
    assertThat(Verdicts.of(Counting.class).failed()).contains("theSameRunGivesTheSameReport");
  }

  @Test
  void aProbeThatSaysNothingFails() {
    assertThat(Verdicts.of(Silent.class).failed()).containsOnly("itReportsSomething");
  }

  @Test
  void aProbeWhoseReportIsNoReportFails() {
    assertThat(Verdicts.of(Grasping.class).failed())
        .containsOnly("itsFiguresOfMeritHaveNamesOfTheirOwnAndStandOnce");
    assertThat(Verdicts.of(Undefined.class).failed())
        .containsOnly("everyFigureOfMeritHasAValueSomewhere");
    assertThat(Verdicts.of(Untested.class).failed()).containsOnly("everyClaimSaysWhy");
    assertThat(Verdicts.of(Dangling.class).failed())
        .containsOnly("everyFigureIsVegaLiteOnItsOwnTables");
  }

  @Test
  void aProbeThatCanBeClosedOnceOnlyFails() {
    assertThat(Verdicts.of(ClosedOnce.class).failed())
        .containsOnly("itMayBeClosedWithoutHavingRunAndTwice");
  }

  /** Sums letters in shards, differentiates and continues the texts, and runs the control. */
  private static class Summing implements Probe {
    static long tokens(Inputs inputs) {
      return sequences(inputs).stream().mapToLong(Sequence::length).sum();
    }

    static List<Sequence> sequences(Inputs inputs) {
      return inputs.study().examples().stream()
          .map(example -> inputs.model().tokenizer().encode(example.text(), true).ids())
          .map(ids -> Sequence.of(ids).maxNewTokens(1))
          .map(
              text ->
                  text.objective(Objective.logProbability(List.of(new Sequence.Target(1, 'a')))))
          .toList();
    }

    Needs announced(Inputs inputs) {
      return Needs.none()
          .capture(READS)
          .withControl(tokens(inputs))
          .runs(3 * tokens(inputs) + inputs.study().size())
          .backward(tokens(inputs));
    }

    @Override
    public Needs needs(Inputs inputs) {
      return announced(inputs);
    }

    @Override
    public void run(ProbeContext context) {
      context.capture(READS);
      List<Sequence> sequences = sequences(context);
      SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
      for (int row = 0; row < sequences.size(); row++) {
        inputs.put("row-" + row, Artifact.empty().with("row", row));
      }
      double sum = 0;
      for (Artifact shard : context.shards("sums", 1, inputs).values()) {
        sum = 2 * sum + shard.tensor("sum").get(0, 0);
      }
      context
          .model()
          .forward(ForwardRequest.of(sequences).read(READ.gradient()))
          .forEach(batch -> {});
      context.model().generate(GenerateRequest.greedy(sequences)).forEach(written -> {});
      Model control = context.control().orElseThrow();
      double fresh = control.rows(READ, sequences).getFirst()[0][0];
      report(context, sum - fresh);
    }

    void report(ProbeContext context, double sum) {
      context.report().metric(Metric.of("sum", sum));
    }

    @Override
    public Artifact shard(String stage, Artifact input, ShardContext context) {
      Sequence own = sequences(context).get((int) input.integers("row")[0]);
      return sum(context.model().rows(READ, List.of(own)).getFirst()[0][0]);
    }

    static Artifact sum(double value) {
      double[][] cells = {{value}};
      return Artifact.empty().with("sum", Matrix.of(Matrix.Type.FLOAT64, cells));
    }
  }

  private abstract static class Contract extends ModelProbeContract {
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

    @Override
    protected ModelBackendFactory backend() {
      return new LetterModel.Factory();
    }

    @Override
    protected TokenizerFactory tokenizer() {
      return new LetterModel.Letters();
    }

    @Override
    protected Path model() {
      return Path.of("letters");
    }

    @Override
    protected Study study() {
      return ListedStudy.of(
          "text", List.of(Map.of("text", "abc"), Map.of("text", "de"), Map.of("text", "fghij")));
    }
  }

  static class Right extends Contract {
    @Override
    Probe probe() {
      return new Summing();
    }
  }

  static class Modest extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        Needs announced(Inputs inputs) {
          return Needs.none().capture(READS).withControl();
        }
      };
    }
  }

  static class Fanciful extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        Needs announced(Inputs inputs) {
          return super.announced(inputs).runs(3000 * tokens(inputs)).expects(3 * tokens(inputs));
        }
      };
    }
  }

  static class Hopeful extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        Needs announced(Inputs inputs) {
          return super.announced(inputs).expects(1);
        }
      };
    }
  }

  static class Hasty extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        Needs announced(Inputs inputs) {
          inputs.model().rows(READ, sequences(inputs));
          return super.announced(inputs);
        }
      };
    }
  }

  static class Secretive extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        void report(ProbeContext context, double sum) {
          super.report(context, sum);
          context.capture(CaptureRequest.of(List.of("blocks.0.hook_resid_post"), "last"));
        }
      };
    }
  }

  static class Uncontrolled extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        Needs announced(Inputs inputs) {
          Needs right = super.announced(inputs);
          return Needs.none().capture(READS).runs(right.tokens()).backward(right.backward());
        }
      };
    }
  }

  static class Fickle extends Contract {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    Probe probe() {
      return new Summing() {
        @Override
        Needs announced(Inputs inputs) {
          return super.announced(inputs).remark("asked " + asked.incrementAndGet() + " times");
        }
      };
    }
  }

  static class Remembering extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        private boolean running;

        @Override
        public void run(ProbeContext context) {
          running = true;
          super.run(context);
        }

        @Override
        public Artifact shard(String stage, Artifact input, ShardContext context) {
          Artifact right = super.shard(stage, input, context);
          return running ? right : sum(0);
        }
      };
    }
  }

  static class Numbering extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        private int computed;

        @Override
        public Artifact shard(String stage, Artifact input, ShardContext context) {
          return sum(super.shard(stage, input, context).tensor("sum").get(0, 0) + ++computed);
        }
      };
    }
  }

  static class Counting extends Contract {
    private final AtomicInteger runs = new AtomicInteger();

    @Override
    Probe probe() {
      return new Summing() {
        @Override
        void report(ProbeContext context, double sum) {
          super.report(context, sum + runs.incrementAndGet());
        }
      };
    }
  }

  static class Silent extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        void report(ProbeContext context, double sum) {}
      };
    }
  }

  static class Grasping extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        void report(ProbeContext context, double sum) {
          context.report().metric(Metric.of("accuracy", sum));
        }
      };
    }
  }

  static class Undefined extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        void report(ProbeContext context, double sum) {
          context.report().metric(Metric.of("sum", Double.NaN));
        }
      };
    }
  }

  static class Untested extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        void report(ProbeContext context, double sum) {
          context
              .report()
              .claim(
                  ClaimEvidence.of("found", "Is it found?")
                      .above("score", Metric.of("score", 1).interval(1, 1), 0, "chance"));
        }
      };
    }
  }

  static class Dangling extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
        @Override
        void report(ProbeContext context, double sum) {
          String vegaLite = "{\"data\": {\"name\": \"missing\"}}";
          context.report().figure(Figure.of("drawn", "A figure", "None.", vegaLite, List.of()));
        }
      };
    }
  }

  static class ClosedOnce extends Contract {
    @Override
    Probe probe() {
      return new Summing() {
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
