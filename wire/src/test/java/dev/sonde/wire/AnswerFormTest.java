package dev.sonde.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Attention;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerFormTest {
  private static final HookPoint POINT = HookPoint.of(0, HookPoint.RESID_POST);
  private static final HookPoint PATTERN = HookPoint.of(0, HookPoint.PATTERN);

  @Test
  void aBatchWithEdgesAndGradientsIsReadAsItWasWritten() throws IOException {
    Read edges = Read.of(PATTERN, Selector.all());
    Read gradient = Read.of(POINT, Selector.last()).gradient();
    ForwardRequest request = ForwardRequest.of(List.of(Sequence.of(1, 2))).read(edges, gradient);
    float[] pattern = {1, 0.25f, 0.75f};
    float[] slopes = {Float.NaN, -0.0f, Float.MAX_VALUE, 1e-40f};
    Rows ragged =
        Rows.ragged(
            edges, segment(pattern), new int[] {0, 0}, new int[] {0, 1}, new long[] {0, 1, 3});
    Rows even =
        Rows.even(gradient, 2, segment(slopes), new int[] {0, 0}, new int[] {0, 0})
            .ofObjectives(new int[] {0, 1});
    WireMessage carried = carried(AnswerForm.of(Batch.of(0, List.of(ragged, even))));
    try (Arena arena = Arena.ofConfined()) {
      Batch batch = AnswerForm.batch(carried, request, arena);
      Rows first = batch.rows().getFirst();
      assertThat(first.read()).isEqualTo(edges);
      assertThat(first.width()).isZero();
      assertThat(first.row(1).toArray(ValueLayout.JAVA_FLOAT)).containsExactly(0.25f, 0.75f);
      Rows last = batch.rows().getLast();
      assertThat(last.objectives()).containsExactly(0, 1);
      float[] read = new float[4];
      MemorySegment.copy(last.values(), ValueLayout.JAVA_FLOAT, 0, read, 0, 4);
      for (int i = 0; i < read.length; i++) {
        assertThat(Float.floatToRawIntBits(read[i])).isEqualTo(Float.floatToRawIntBits(slopes[i]));
      }
    }
  }

  @Test
  void aGenerationIsReadAsItWasWritten() throws IOException {
    GenerateRequest request =
        GenerateRequest.greedy(List.of(Sequence.of(1))).reading(List.of(POINT));
    Generation generation =
        Generation.of(0, 3, new int[] {7, 8}, new double[] {-0.1, Double.NEGATIVE_INFINITY})
            .with(Map.of(POINT, List.of(new float[] {1, 2}, new float[] {3, 4})));
    Generation again = AnswerForm.generation(carried(AnswerForm.of(generation, request)), request);
    assertThat(again.sample()).isEqualTo(3);
    assertThat(again.tokens()).containsExactly(7, 8);
    assertThat(again.logProbabilities()).containsExactly(-0.1, Double.NEGATIVE_INFINITY);
    assertThat(again.activations().getOrDefault(POINT, List.of()).getLast()).containsExactly(3, 4);
  }

  @Test
  void errorsKeepTheirKindAndNameTheServer() {
    for (RuntimeException failure :
        List.of(
            new UnsupportedCapabilityException("cannot"),
            new InvalidInputException("cannot"),
            new ModelUnavailableException("cannot"))) {
      WireMessage message = AnswerForm.error(failure);
      assertThat(AnswerForm.failure(message, "server X"))
          .hasSameClassAs(failure)
          .hasMessage("server X: cannot");
      assertThat(AnswerForm.status(message)).isGreaterThanOrEqualTo(400);
    }
    assertThat(AnswerForm.failure(AnswerForm.error(new IllegalStateException("oops")), "server X"))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("oops")
        .hasMessageContaining("mistake");
  }

  @Test
  void aModelIsReadAsItWasDescribed() throws IOException {
    ModelInfo info =
        ModelInfo.of("llama", "ab12")
            .shape(2, 8)
            .heads(4, 2, 2)
            .vocabulary(11)
            .dtype("bfloat16")
            .parameters(1L << 40)
            .blockParameters(99)
            .widths(Map.of("hook_embed", 8, "attn.hook_pattern", 0))
            .endOfSequence(2, 3)
            .note("slow")
            .attention(
                List.of(
                    Attention.scaledBy(0.3)
                        .softCap(50)
                        .window(16)
                        .sinks(true)
                        .rotary(new Attention.Rotary(new float[] {1, 0.1f}, true, 1.5, 77)),
                    Attention.scaledBy(1)));
    Capabilities can =
        Capabilities.none()
            .sites(Set.of("hook_embed"))
            .longestContext(64)
            .generating()
            .selectors(Set.of(Selector.LAST))
            .reductions(Set.of(Read.NONE, Read.MAX))
            .interventions(Set.of("add"))
            .features(Set.of(Capabilities.GRADIENTS, Capabilities.TRAINING))
            .objectives(Set.of("loss"));
    ServedModel again = ServedModel.of(carried(new ServedModel(info, can).message()));
    assertThat(carried(again.message()).head())
        .isEqualTo(carried(new ServedModel(info, can).message()).head());
    assertThat(again.info().attention().getFirst().rotary().orElseThrow().frequencies())
        .containsExactly(1, 0.1f);
    assertThat(again.info().endOfSequence()).containsExactly(2, 3);
    assertThat(again.capabilities().selectors()).containsExactly("last");
    assertThat(again.capabilities().features())
        .as("training is not in the written form")
        .containsExactly(Capabilities.GRADIENTS);
  }

  private static MemorySegment segment(float... values) {
    return MemorySegment.ofArray(values);
  }

  private static WireMessage carried(WireMessage message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);
    return WireMessage.read(new ByteArrayInputStream(out.toByteArray())).orElseThrow();
  }
}
