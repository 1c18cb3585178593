package dev.sonde.probe.influence.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which linears of a model are looked at, and what their names are. */
class LinearModuleTest {
  private static final Map<String, Integer> WIDTHS =
      Map.of("linear:mlp.c_fc.in", 4, "linear:mlp.c_fc.out", 16);

  /** A model whose blocks are in one module, which only a pass shows. */
  private record Blocks(String holder, Map<String, Integer> widths) implements Model {
    @Override
    public ModelInfo info() {
      return ModelInfo.of("made", "0").shape(2, 4).widths(widths);
    }

    @Override
    public ActivationStream forward(ForwardRequest request) {
      String point = request.groups().getFirst().getFirst().point().name();
      if (!point.startsWith("linear:" + holder + ".0.")) {
        throw new UnsupportedCapabilityException(point + ": no such hook point");
      }
      return new ActivationStream() {
        @Override
        public boolean next() {
          return false;
        }

        @Override
        public Batch batch() {
          throw new IllegalStateException("there is none");
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public Capabilities capabilities() {
      return Capabilities.none();
    }

    @Override
    public Tokenizer tokenizer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public GenerationStream generate(GenerateRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static List<String> names(Model model, Optional<String> blocks) {
    return LinearModule.of(model, new LinearChoice(blocks, List.of("mlp.*"), List.of())).stream()
        .map(LinearModule::module)
        .toList();
  }

  @Test
  void theModuleThatHoldsTheBlocksIsFoundFromTheModel() {
    assertThat(names(new Blocks("transformer.h", WIDTHS), Optional.empty()))
        .containsExactly("transformer.h.0.mlp.c_fc", "transformer.h.1.mlp.c_fc");
    assertThat(names(new Blocks("model.layers", WIDTHS), Optional.empty()))
        .containsExactly("model.layers.0.mlp.c_fc", "model.layers.1.mlp.c_fc");
    assertThat(names(new Blocks("odd.place", WIDTHS), Optional.of("odd.place")))
        .containsExactly("odd.place.0.mlp.c_fc", "odd.place.1.mlp.c_fc");
  }

  @Test
  void oneThatIsNotAmongTheUsualIsAskedFor() {
    assertThatThrownBy(() -> names(new Blocks("odd.place", WIDTHS), Optional.empty()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("blocks: the module that holds the blocks of this model (made)");
  }

  @Test
  void aModelWhoseBlocksDifferSaysItsWholeNames() {
    Map<String, Integer> widths =
        Map.of(
            "linear:mlp.c_fc.in", 4,
            "linear:mlp.c_fc.out", 16,
            "linear:odd.place.1.mlp.c_fc.in", 5);
    assertThat(names(new Blocks("odd.place", widths), Optional.empty()))
        .contains("odd.place.0.mlp.c_fc");
  }

  @Test
  void aLinearKnowsItsBlock() {
    assertThat(new LinearModule("model.layers.3.mlp.up_proj", 2, 3).block())
        .isEqualTo("model.layers.3");
    assertThat(new LinearModule("lm_head", 2, 3).block()).isEqualTo("lm_head");
  }
}
