package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A backend that keeps the contract passes it; each way of breaking it fails a check. */
class WrongBackendsTest {
  private static final int WIDTH = 3;
  private static final int CONTEXT = 32;
  private static final HookPoint BLOCK = HookPoint.of(0, HookPoint.RESID_POST);

  @Test
  void everyCheckCanFail() {
    assertThat(Verdicts.neverFailed(Right.class)).isEmpty();
  }

  @Test
  void aBackendThatKeepsTheContractPasses() {
    Verdicts verdicts = Verdicts.of(Right.class);
    assertThat(verdicts.failed()).isEmpty();
    assertThat(verdicts.passed()).hasSize(23);
  }

  @Test
  void rowsThatDependOnTheirNeighboursFail() {
    assertThat(Verdicts.of(Leaking.class).failed())
        .contains(
            "aRowDoesNotDependOnTheOtherSequencesOfItsRequest",
            "aSequenceThatIsAskedForTwiceGivesTheSameTwice");
  }

  @Test
  void rowsThatDependOnTheBudgetFail() {
    assertThat(Verdicts.of(Budgeted.class).failed())
        .containsOnly("resultsDoNotDependOnTheTokenBudget");
  }

  @Test
  void rowsThatChangeFromRequestToRequestFail() {
    assertThat(Verdicts.of(Drifting.class).failed()).contains("theSameRequestGivesTheSameBits");
  }

  @Test
  void rowsThatAreWiderThanAnnouncedFail() {
    assertThat(Verdicts.of(Wide.class).failed())
        .containsOnly("everySiteGivesFiniteRowsOfTheAnnouncedWidth");
  }

  @Test
  void numbersThatAreNoneFail() {
    assertThat(Verdicts.of(Undefined.class).failed())
        .contains("everySiteGivesFiniteRowsOfTheAnnouncedWidth");
  }

  @Test
  void rowsThatComeTwiceFail() {
    assertThat(Verdicts.of(Stuttering.class).failed())
        .contains("everySiteGivesFiniteRowsOfTheAnnouncedWidth");
  }

  @Test
  void readsOfAGroupInAnotherOrderFail() {
    assertThat(Verdicts.of(Disordered.class).failed()).contains("theReadsOfOneGroupArriveTogether");
  }

  @Test
  void memoryThatOutlivesItsBatchFails() {
    assertThat(Verdicts.of(Hoarding.class).failed())
        .contains("memoryOfABatchIsGoneOnceTheStreamHasMovedOn");
  }

  @Test
  void aBatchBeforeTheFirstFails() {
    assertThat(Verdicts.of(Hasty.class).failed()).contains("thereIsNoBatchBeforeTheFirst");
  }

  @Test
  void aStreamThatCannotBeClosedTwiceFails() {
    assertThat(Verdicts.of(ClosedOnce.class).failed()).contains("aStreamMayBeClosedEarlyAndTwice");
  }

  @Test
  void aSelectorThatIsOffByOneFails() {
    assertThat(Verdicts.of(OffByOne.class).failed())
        .containsOnly("selectorsTakeRowsOfTheFullStream");
  }

  @Test
  void whoAnswersWhatHeCannotFails() {
    assertThat(Verdicts.of(Obliging.class).failed())
        .containsOnly(
            "anUnknownSiteIsRefusedByName",
            "aBlockThatDoesNotExistIsRefusedByName",
            "aSequenceLongerThanTheContextIsRefusedWithItsLength",
            "kindsThatItDoesNotKnowAreRefusedByName",
            "whatItCannotDoIsRefused");
  }

  @Test
  void anIndexThatWrapsAroundFails() {
    assertThat(Verdicts.of(Wrapping.class).failed())
        .containsOnly("aTokenThatASequenceDoesNotHaveIsRefusedWithItsLength");
  }

  @Test
  void aMeanThatIsASumFails() {
    assertThat(Verdicts.of(Summing.class).failed())
        .containsOnly("reductionsRunOverTheSelectedTokens");
  }

  @Test
  void aHashThatIsDrawnAndADescriptionThatSaysNothingFail() {
    assertThat(Verdicts.of(Anonymous.class).failed())
        .containsOnly("theSameModelHasTheSameHash", "infoDescribesSomeModel");
  }

  @Test
  void whoOpensAnythingFails() {
    assertThat(Verdicts.of(Opener.class).failed()).containsOnly("whatIsNoModelIsRefusedByName");
  }

  /** One block whose row at a token is the token, the sum up to it, and its place. */
  private static class Sums implements LanguageModel {
    @Override
    public ModelInfo info() {
      return ModelInfo.of("sums", "ab".repeat(32))
          .shape(1, WIDTH)
          .vocabulary(100)
          .widths(Map.of(BLOCK.site(), WIDTH));
    }

    @Override
    public Capabilities capabilities() {
      return Capabilities.none()
          .sites(info().widths().keySet())
          .selectors(Set.of(Selector.LAST, Selector.FIRST, Selector.INDEX, Selector.ALL))
          .reductions(Set.of(Read.NONE, Read.MEAN))
          .longestContext(CONTEXT);
    }

    void check(ForwardRequest request) {
      for (Read read : request.groups().stream().flatMap(List::stream).toList()) {
        if (!read.point().equals(BLOCK)
            || read.isGradient()
            || !capabilities().selectors().contains(read.selector().kind())
            || !capabilities().reductions().contains(read.reduction())) {
          throw new UnsupportedCapabilityException("cannot read " + read);
        }
      }
      for (Sequence sequence : request.sequences()) {
        if (sequence.length() > CONTEXT) {
          throw new UnsupportedCapabilityException(sequence.length() + " tokens are too many");
        }
        if (!sequence.interventions().isEmpty()) {
          throw new UnsupportedCapabilityException("cannot " + sequence.interventions());
        }
        if (!sequence.features().isEmpty()) {
          throw new UnsupportedCapabilityException("cannot " + sequence.features());
        }
      }
    }

    @Override
    public ActivationStream forward(ForwardRequest request) {
      check(request);
      return new Stream(this, request);
    }

    float[] row(ForwardRequest request, int sequence, int token) {
      Sequence all = request.sequences().get(sequence);
      float sum = 0;
      for (int t = 0; t <= token; t++) {
        sum += all.token(t);
      }
      return new float[] {all.token(token), sum, token};
    }

    int[] tokens(Selector selector, Sequence sequence) {
      return selector.tokens(sequence);
    }

    float[] mean(List<float[]> rows) {
      float[] mean = new float[rows.getFirst().length];
      for (float[] row : rows) {
        for (int c = 0; c < mean.length; c++) {
          mean[c] += row[c] / rows.size();
        }
      }
      return mean;
    }

    /** The batches, one a group and sequence. */
    List<Batch> batches(ForwardRequest request, Arena memory) {
      List<Batch> batches = new ArrayList<>();
      for (int sequence = 0; sequence < request.sequences().size(); sequence++) {
        for (int group = 0; group < request.groups().size(); group++) {
          List<Rows> rows = new ArrayList<>();
          for (Read read : request.groups().get(group)) {
            rows.add(rows(request, read, sequence, memory));
          }
          batches.add(Batch.of(group, rows));
        }
      }
      return batches;
    }

    Rows rows(ForwardRequest request, Read read, int sequence, Arena memory) {
      int[] tokens = tokens(read.selector(), request.sequences().get(sequence));
      List<float[]> taken =
          IntStream.of(tokens).mapToObj(token -> row(request, sequence, token)).toList();
      if (read.isReduced()) {
        taken = List.of(mean(taken));
      }
      int width = taken.getFirst().length;
      MemorySegment values =
          memory.allocate((long) taken.size() * width * Float.BYTES, Float.BYTES);
      int[] places = new int[taken.size()];
      int[] sequences = new int[taken.size()];
      for (int i = 0; i < taken.size(); i++) {
        MemorySegment.copy(
            taken.get(i), 0, values, ValueLayout.JAVA_FLOAT, (long) i * width * Float.BYTES, width);
        places[i] = read.isReduced() || read.selector().givesOneToken() ? 0 : tokens[i];
        sequences[i] = sequence;
      }
      return Rows.even(read, width, values, sequences, places);
    }

    @Override
    public GenerationStream generate(GenerateRequest request) {
      throw new UnsupportedCapabilityException("does not generate");
    }

    @Override
    public void close() {}
  }

  /** Batches whose memory is given back when the next one is asked for. */
  private static class Stream implements ActivationStream {
    private final Sums backend;
    private final ForwardRequest request;
    private final int count;
    private Arena memory = Arena.ofConfined();
    private int at = -1;
    boolean closed;

    Stream(Sums backend, ForwardRequest request) {
      this.backend = backend;
      this.request = request;
      this.count = request.sequences().size() * request.groups().size();
    }

    void release() {
      memory.close();
      memory = Arena.ofConfined();
    }

    @Override
    public boolean next() {
      release();
      at++;
      return at < count;
    }

    @Override
    public Batch batch() {
      if (at < 0 || at >= count) {
        throw new IllegalStateException("there is no batch");
      }
      return backend.batches(request, memory).get(at);
    }

    @Override
    public void close() {
      if (!closed) {
        release();
      }
      closed = true;
    }
  }

  private abstract static class Contract extends BackendContract {
    abstract LanguageModel backendUnderTest();

    void check(ModelSource source) {
      if (!Files.exists(source.path().resolve("sums"))) {
        throw new ModelUnavailableException(source.ref() + ": holds no sums");
      }
    }

    @Override
    protected Path model(Path place) throws IOException {
      Files.writeString(place.resolve("sums"), "");
      return place;
    }

    @Override
    protected ModelBackendFactory factory() {
      return new ModelBackendFactory() {
        @Override
        public String name() {
          return "sums";
        }

        @Override
        public String summary() {
          return "a backend under test";
        }

        @Override
        public LanguageModel open(ModelSource source) {
          check(source);
          return backendUnderTest();
        }
      };
    }
  }

  static class Right extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums();
    }
  }

  static class Leaking extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        float[] row(ForwardRequest request, int sequence, int token) {
          float[] row = super.row(request, sequence, token);
          row[1] += request.sequences().size();
          return row;
        }
      };
    }
  }

  static class Budgeted extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        float[] row(ForwardRequest request, int sequence, int token) {
          float[] row = super.row(request, sequence, token);
          row[1] += request.tokenBudget();
          return row;
        }
      };
    }
  }

  static class Drifting extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      AtomicInteger asked = new AtomicInteger();
      return new Sums() {
        @Override
        float[] row(ForwardRequest request, int sequence, int token) {
          float[] row = super.row(request, sequence, token);
          row[1] += asked.incrementAndGet();
          return row;
        }
      };
    }
  }

  static class Wide extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        float[] row(ForwardRequest request, int sequence, int token) {
          return Arrays.copyOf(super.row(request, sequence, token), WIDTH + 1);
        }
      };
    }
  }

  static class Undefined extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        float[] row(ForwardRequest request, int sequence, int token) {
          float[] row = super.row(request, sequence, token);
          row[0] /= token;
          row[1] = Float.NaN;
          return row;
        }
      };
    }
  }

  static class Stuttering extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        Rows rows(ForwardRequest request, Read read, int sequence, Arena memory) {
          Rows rows = super.rows(request, read, sequence, memory);
          int[] places = new int[rows.count()];
          return Rows.even(read, rows.width(), rows.values(), rows.sequences(), places);
        }
      };
    }
  }

  static class Disordered extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        List<Batch> batches(ForwardRequest request, Arena memory) {
          return super.batches(request, memory).stream()
              .map(
                  batch -> {
                    List<Rows> rows = new ArrayList<>(batch.rows());
                    Collections.reverse(rows);
                    return Batch.of((batch.group() + 1) % request.groups().size(), rows);
                  })
              .toList();
        }
      };
    }
  }

  static class Hoarding extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        Rows rows(ForwardRequest request, Read read, int sequence, Arena memory) {
          return super.rows(request, read, sequence, Arena.global());
        }
      };
    }
  }

  static class Hasty extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        public ActivationStream forward(ForwardRequest request) {
          check(request);
          Stream stream = new Stream(this, request);
          stream.next();
          return stream;
        }
      };
    }
  }

  static class ClosedOnce extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        public ActivationStream forward(ForwardRequest request) {
          check(request);
          return new Stream(this, request) {
            @Override
            public void close() {
              if (closed) {
                throw new IllegalStateException("closed before");
              }
              super.close();
            }
          };
        }
      };
    }
  }

  static class OffByOne extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        int[] tokens(Selector selector, Sequence sequence) {
          return selector.equals(Selector.last())
              ? new int[] {sequence.length() - 2}
              : super.tokens(selector, sequence);
        }
      };
    }
  }

  static class Wrapping extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        int[] tokens(Selector selector, Sequence sequence) {
          return selector.kind().equals(Selector.INDEX)
              ? new int[] {Math.floorMod(selector.index(), sequence.length())}
              : super.tokens(selector, sequence);
        }
      };
    }
  }

  static class Summing extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        float[] mean(List<float[]> rows) {
          float[] sum = super.mean(rows);
          for (int c = 0; c < sum.length; c++) {
            sum[c] *= rows.size();
          }
          return sum;
        }
      };
    }
  }

  static class Obliging extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums() {
        @Override
        void check(ForwardRequest request) {}

        @Override
        Rows rows(ForwardRequest request, Read read, int sequence, Arena memory) {
          Rows rows = super.rows(request, read, sequence, memory);
          return read.isGradient() ? rows.ofObjectives(new int[rows.count()]) : rows;
        }
      };
    }
  }

  static class Anonymous extends Contract {
    private final AtomicInteger opened = new AtomicInteger();

    @Override
    LanguageModel backendUnderTest() {
      String hash = "%040x".formatted(opened.incrementAndGet());
      return new Sums() {
        @Override
        public ModelInfo info() {
          return ModelInfo.of("", hash)
              .shape(1, WIDTH)
              .vocabulary(100)
              .widths(Map.of(BLOCK.site(), WIDTH));
        }
      };
    }
  }

  static class Opener extends Contract {
    @Override
    LanguageModel backendUnderTest() {
      return new Sums();
    }

    @Override
    void check(ModelSource source) {}
  }
}
