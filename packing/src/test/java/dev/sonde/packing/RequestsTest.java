package dev.sonde.packing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final HookPoint POINT = HookPoint.of(1, HookPoint.RESID_POST);
  private static final HookPoint PATTERN = HookPoint.of(0, HookPoint.PATTERN);
  private static final ModelInfo INFO = ModelInfo.of("test", "00").shape(2, 4).vocabulary(10);
  private static final Capabilities ALL =
      Capabilities.none()
          .sites(Set.of(POINT.site(), PATTERN.site()))
          .longestContext(5)
          .generating()
          .interventions(Set.of(Intervention.ADD))
          .features(Set.of(Capabilities.GRADIENTS, Capabilities.DISTANCES));

  @Test
  void whatIsAnnouncedPasses() {
    Sequence sequence =
        Sequence.of(1, 2, 3)
            .span(new Span("s", 0, 2))
            .objective(Objective.loss(1, 2, 3))
            .distances(Distances.constant(2))
            .intervene(List.of(Intervention.add(POINT, Selector.index(-3), new float[4], 1)));
    assertThatCode(
            () -> {
              forward(Read.of(POINT, Selector.eachSpan()).reduce(Read.MAX), sequence);
              forward(Read.of(POINT, Selector.index(2)).gradient(), sequence);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aTokenThatStandsForAnImageIsRefusedByName() {
    ModelInfo info =
        ModelInfo.of("test", "00")
            .shape(2, 4)
            .vocabulary(10)
            .refuseToken(7, "an image (image_token_id)");
    ForwardRequest request =
        ForwardRequest.of(List.of(Sequence.of(1, 7))).read(Read.of(POINT, Selector.last()));

    assertThatThrownBy(() -> Requests.check(info, ALL, request))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessage(
            "token id 7 stands for an image (image_token_id): only the text part of this model is"
                + " computed");
  }

  @Test
  void whatIsNotAnnouncedIsRefusedByName() {
    Sequence plain = Sequence.of(1, 2, 3);
    refused("hook_nothing", Read.of(HookPoint.of(0, "hook_nothing"), Selector.last()), plain);
    refused("blocks 0 to 1", Read.of(HookPoint.of(2, POINT.site()), Selector.last()), plain);
    refused("every", Read.of(POINT, Selector.of("every", 2)), plain);
    refused("median", Read.of(POINT, Selector.all()).reduce("median"), plain);
    refused("cannot be reduced", Read.of(PATTERN, Selector.all()).reduce(Read.MEAN), plain);
    refused("6 tokens", last(), Sequence.of(1, 2, 3, 4, 5, 6));
    refused(
        "scale_along",
        last(),
        Sequence.of(1, 2)
            .intervene(List.of(Intervention.projectOut(POINT, Selector.all(), new float[4]))));
    refused(
        "attention-scores",
        last(),
        Sequence.of(1, 2)
            .intervene(
                List.of(
                    Intervention.addToScores(
                        HookPoint.of(0, HookPoint.PATTERN), new float[4], 1))));
    refused("folded", last(), Sequence.of(1, 2).distances(Distances.of("folded", 1)));
    refused("positions", last(), Sequence.of(1, 2).positions(3, 4));
    refused(
        "entropy",
        last().gradient(),
        Sequence.of(1, 2)
            .objective(Objective.of("entropy", List.of(new Sequence.Target(1, 2)), 0)));
  }

  @Test
  void anIndexOutsideASequenceIsRefusedForReadsAndInterventions() {
    refused("index:3", Read.of(POINT, Selector.index(3)), Sequence.of(1, 2, 3));
    refused("index:-4", Read.of(POINT, Selector.index(-4)), Sequence.of(1, 2, 3));
    refused(
        "index:7",
        last(),
        Sequence.of(1, 2)
            .intervene(List.of(Intervention.add(POINT, Selector.index(7), new float[4], 1))));
  }

  @Test
  void aTokenThatTheModelDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> forward(last(), Sequence.of(10)))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("token id 10");
    assertThatThrownBy(() -> forward(last(), Sequence.of(1).target(1, -1)))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("token id -1");
  }

  @Test
  void generatedTokensCountAndActivationsOfStepsAreAskedForByName() {
    Sequence prompt = Sequence.of(1, 2, 3).maxNewTokens(3);
    assertThatThrownBy(() -> Requests.check(INFO, ALL, GenerateRequest.greedy(List.of(prompt))))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("6 tokens");
    assertThatThrownBy(
            () ->
                Requests.check(
                    INFO, ALL, GenerateRequest.greedy(List.of()).reading(List.of(POINT))))
        .hasMessageContaining(Capabilities.STEPS);
    assertThatThrownBy(
            () -> Requests.check(INFO, Capabilities.none(), GenerateRequest.greedy(List.of())))
        .hasMessageContaining("does not generate");
  }

  private static Read last() {
    return Read.of(POINT, Selector.last());
  }

  private static void refused(String named, Read read, Sequence sequence) {
    assertThatThrownBy(() -> forward(read, sequence))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining(named);
  }

  private static void forward(Read read, Sequence sequence) {
    Requests.check(INFO, ALL, ForwardRequest.of(List.of(sequence)).read(read));
  }
}
