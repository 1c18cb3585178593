package dev.sonde.probe.position.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Attention;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApplicabilityTest {
  private static final Attention.Rotary ROTARY =
      new Attention.Rotary(new float[] {1, 0.1f}, false, 1, 64);

  /** A model of one block that cannot run. */
  private record Described(ModelInfo info, Capabilities capabilities) implements Model {
    static Described of(Set<String> sites, Attention... blocks) {
      return new Described(
          ModelInfo.of("made-up", "1")
              .shape(blocks.length, 8)
              .heads(1, 1, 8)
              .attention(List.of(blocks)),
          Capabilities.none().sites(sites).longestContext(128));
    }

    @Override
    public Tokenizer tokenizer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ActivationStream forward(ForwardRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GenerationStream generate(GenerateRequest request) {
      throw new UnsupportedOperationException();
    }
  }

  private static final Set<String> HEADS = Set.of(HeadStream.QUERIES, HeadStream.KEYS);

  @Test
  void attentionSinksAreRefusedByName() {
    Model model = Described.of(HEADS, Attention.scaledBy(1).sinks(true).rotary(ROTARY));
    assertThatThrownBy(() -> Applicability.check(model, 16))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("attention sinks");
  }

  @Test
  void latentKeysAreRefusedByName() {
    Model model = Described.of(Set.of(HeadStream.QUERIES), Attention.scaledBy(1).rotary(ROTARY));
    assertThatThrownBy(() -> Applicability.check(model, 16))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("latent attention");
  }

  @Test
  void aModelThatDoesNotTellHowItScoresIsRefused() {
    Model model = Described.of(HEADS);
    assertThatThrownBy(() -> Applicability.check(model, 16))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("does not say how");
  }

  @Test
  void textsLongerThanTheFrequenciesHoldAreRefused() {
    Model model = Described.of(HEADS, Attention.scaledBy(1).rotary(ROTARY));
    assertThatThrownBy(() -> Applicability.check(model, 65))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("up to 64 tokens");
  }

  @Test
  void withoutRotationTheSplitIsRefusedAndWhatIsLeftIsNamed() {
    Model model = Described.of(HEADS, Attention.scaledBy(1));
    Applicability.check(model, 16);
    assertThat(Applicability.remarks(model, 16))
        .singleElement()
        .asString()
        .contains("no positions", "E1 and E2 are computed", "E3, E4 and the bound are refused");
  }

  @Test
  void partialRotaryCapsAndWindowsAreComputedAndNamed() {
    Attention block = Attention.scaledBy(1).softCap(30).window(4).rotary(ROTARY);
    Model model = Described.of(HEADS, block);
    Applicability.check(model, 16);
    assertThat(Applicability.remarks(model, 16))
        .hasSize(3)
        .anyMatch(remark -> remark.contains("partial rotary"))
        .anyMatch(remark -> remark.contains("softly capped"))
        .anyMatch(remark -> remark.contains("sliding window"));
  }
}
