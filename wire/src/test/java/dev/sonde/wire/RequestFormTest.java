package dev.sonde.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.model.Distances;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.Frequencies;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Sequence.Blocked;
import dev.sonde.api.model.Sequence.Target;
import dev.sonde.api.model.Span;
import dev.sonde.api.model.StartingPoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestFormTest {
  private static final HookPoint POINT = HookPoint.of(1, HookPoint.RESID_POST);
  private static final float[] VECTOR = {0.1f, -2.5f, Float.MIN_VALUE};
  private static final Sequence EVERYTHING =
      Sequence.of(4, 5, 6)
          .span(new Span("a step", 0, 2))
          .target(1, 5)
          .target(3, 9)
          .objective(Objective.of("loss", List.of(new Target(2, 6)), -7))
          .intervene(
              List.of(
                  Intervention.add(POINT, Selector.index(-1), VECTOR, 0.3)
                      .keepingNorm()
                      .in(Intervention.Phase.GENERATED),
                  Intervention.scaleAlong(POINT, Selector.all(), VECTOR, -1)))
          .positions(2, 4, 9)
          .block(new Blocked(1, 3, 0, 1))
          .beyondContext()
          .frequencies(Frequencies.of(new float[] {1, 0.01f}, 1.1))
          .startAt(StartingPoint.of(1, new float[] {0.5f, -0.25f}))
          .maxNewTokens(5)
          .samples(2, Long.MIN_VALUE);

  @Test
  void groupsOfDistancesAreReadAsTheyWereWritten() throws IOException {
    Sequence sequence = Sequence.of(1, 2).distances(Distances.grouped(8, 3));
    ForwardRequest request =
        ForwardRequest.of(List.of(sequence)).read(Read.of(POINT, Selector.last()));
    ForwardRequest again = RequestForm.forward(carried(RequestForm.of(request)));
    assertThat(again.sequences().getFirst().distances()).contains(Distances.grouped(8, 3));
  }

  @Test
  void aPassIsReadAsItWasWritten() throws IOException {
    ForwardRequest request =
        ForwardRequest.of(List.of(EVERYTHING, Sequence.of(1).distances(Distances.atMost(3))))
            .read(
                Read.of(POINT, Selector.eachSpan()).reduce(Read.NORM).gradient(),
                Read.of(HookPoint.EMBED, Selector.index(-2)))
            .read(Read.logProbabilities())
            .tokenBudget(12);
    ForwardRequest again = RequestForm.forward(carried(RequestForm.of(request)));
    assertThat(again.groups()).isEqualTo(request.groups());
    assertThat(again.tokenBudget()).isEqualTo(12);
    assertSame(again.sequences().getFirst(), EVERYTHING);
    assertThat(again.sequences().getLast().distances()).contains(Distances.atMost(3));
    assertThat(again.sequences().getLast().isMoved()).isFalse();
    assertThat(bytes(RequestForm.of(again))).isEqualTo(bytes(RequestForm.of(request)));
  }

  private static void assertSame(Sequence actual, Sequence expected) {
    assertThat(actual.tokens()).isEqualTo(expected.tokens());
    assertThat(actual.spans()).isEqualTo(expected.spans());
    assertThat(actual.targets()).isEqualTo(expected.targets());
    assertThat(actual.objectives()).isEqualTo(expected.objectives());
    assertThat(actual.interventions()).isEqualTo(expected.interventions());
    assertThat(actual.position(2)).isEqualTo(9);
    assertThat(actual.blocked()).isEqualTo(expected.blocked());
    assertThat(actual.isBeyondContext()).isTrue();
    assertThat(actual.frequencies()).isEqualTo(expected.frequencies());
    assertThat(actual.start()).isEqualTo(expected.start());
    assertThat(actual.maxNewTokens()).isEqualTo(5);
    assertThat(actual.samples()).isEqualTo(2);
    assertThat(actual.seed()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void aGenerationIsReadAsItWasWritten() throws IOException {
    GenerateRequest request =
        GenerateRequest.sampled(
                List.of(EVERYTHING), Sampling.temperature(0.7).topK(5).topP(0.9), 2, 3)
            .stoppingAt(List.of("\nQ:", "é"))
            .reading(List.of(POINT));
    GenerateRequest again = RequestForm.generate(carried(RequestForm.of(request)));
    assertSame(again.sequences().getFirst(), EVERYTHING);
    assertThat(again.sampling().temperature()).isEqualTo(0.7);
    assertThat(again.sampling().topK()).isEqualTo(5);
    assertThat(again.sampling().topP()).isEqualTo(0.9);
    assertThat(again.stopTokens()).containsExactly(2, 3);
    assertThat(again.stopStrings()).containsExactly("\nQ:", "é");
    assertThat(again.points()).containsExactly(POINT);
    assertThat(again.pieces()).isEmpty();
  }

  @Test
  void aVectorThatManySequencesShareIsSentOnce() {
    Sequence steered =
        Sequence.of(1).intervene(List.of(Intervention.add(POINT, Selector.all(), VECTOR, 1)));
    ForwardRequest request =
        ForwardRequest.of(List.of(steered, steered, steered)).read(Read.logProbabilities());
    assertThat(RequestForm.of(request).body()).hasSize(VECTOR.length * Float.BYTES);
  }

  @Test
  void kindsThatAreNotKnownHereArriveForTheModelToRefuse() throws IOException {
    Read read = Read.of(POINT, Selector.of("every", 3)).reduce("median");
    ForwardRequest request = ForwardRequest.of(List.of(Sequence.of(1))).read(read);
    assertThat(RequestForm.forward(carried(RequestForm.of(request))).groups())
        .containsExactly(List.of(read));
  }

  @Test
  void whatIsMalformedIsNamedByItsKey() {
    for (String wrong :
        List.of(
            "{\"sequences\": [{\"tokens\": \"1 2\"}]}|tokens",
            "{\"sequences\": [{\"tokens\": []}]}|at least one token",
            "{\"sequences\": [{\"tokens\": [1.5]}]}|tokens",
            "{\"sequences\": [{\"tokens\": [99999999999]}]}|tokens",
            "{\"sequences\": [{\"tokens\": [1], \"targets\": [[1, 2, 3]]}]}|targets",
            "{\"sequences\": [{\"tokens\": [1], \"targets\": [[9, 2]]}]}|target position 9",
            "{\"sequences\": [{\"tokens\": [1], \"interventions\": [{\"kind\": \"add\", \"point\":"
                + " \"hook_embed\", \"selector\": \"all\", \"values\": [0, 4]}]}]}|numbers 0 to 4",
            "{\"sequences\": {}}|sequences")) {
      String[] parts = wrong.split("\\|");
      assertThatThrownBy(() -> RequestForm.forward(read(parts[0] + "\n")))
          .as(wrong)
          .isInstanceOf(WireException.class)
          .hasMessageContaining(parts[1]);
    }
  }

  @Test
  void aMessageThatEndsEarlyIsAnError() {
    for (String cut : List.of("{\"a\": 1}", "{\"bytes\": 4}\n123", "not json\n")) {
      assertThatThrownBy(() -> read(cut)).as(cut).isInstanceOf(WireException.class);
    }
  }

  private static WireMessage carried(WireMessage message) throws IOException {
    return WireMessage.read(new ByteArrayInputStream(bytes(message))).orElseThrow();
  }

  private static WireMessage read(String text) throws IOException {
    return WireMessage.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
        .orElseThrow();
  }

  private static byte[] bytes(WireMessage message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);
    return out.toByteArray();
  }
}
