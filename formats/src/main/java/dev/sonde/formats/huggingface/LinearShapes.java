package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Gate;
import java.util.List;

/** Which linears the blocks of a decoder have, and how wide they are. */
record LinearShapes(DecoderSpec spec) {
  private static final List<Part> LINEARS =
      List.of(
          Part.QUERY_DOWN,
          Part.QUERY,
          Part.KEY_VALUE_DOWN,
          Part.KEY_VALUE,
          Part.KEY,
          Part.VALUE,
          Part.QUERY_KEY_VALUE,
          Part.OUTPUT_GATE,
          Part.CONVOLUTION_INPUT,
          Part.DELTA_INPUT,
          Part.DELTA_GATE,
          Part.DELTA_RATES,
          Part.DELTA_WRITE,
          Part.DELTA_FADE,
          Part.SPACE_INPUT,
          Part.OUTPUT,
          Part.LAUREL_DOWN,
          Part.LAUREL_UP,
          Part.ROUTER,
          Part.SHARED_GATE,
          Part.SHARED_UP,
          Part.SHARED_GATE_UP,
          Part.SHARED_DOWN,
          Part.SHARED_SHARE,
          Part.GATE,
          Part.UP,
          Part.GATE_UP,
          Part.DOWN,
          Part.PER_LAYER_GATE,
          Part.PER_LAYER_OUTPUT);

  /** The linears of a block in the order in which it runs them. */
  List<Part> linears(int layer) {
    return LINEARS.stream().filter(part -> spec.has(part, layer)).toList();
  }

  /** Width of what a linear gives. */
  int outWidth(Part part, int layer) {
    BlockSpec block = spec.block(layer);
    return switch (part) {
      case QUERY -> {
        AttentionSpec attention = attention(layer);
        int gates = attention.gate() == Gate.BESIDE_QUERY ? 2 : 1;
        yield gates * attention.queriesWidth();
      }
      case KEY -> attention(layer).keysWidth();
      case VALUE -> attention(layer).valuesWidth();
      case QUERY_KEY_VALUE ->
          attention(layer).queriesWidth()
              + attention(layer).keysWidth()
              + attention(layer).valuesWidth();
      case QUERY_DOWN -> attention(layer).latent().orElseThrow().queryRank();
      case KEY_VALUE_DOWN -> {
        AttentionSpec attention = attention(layer);
        AttentionSpec.Latent latent = attention.latent().orElseThrow();
        yield latent.keyValueRank() + attention.headWidth() - latent.plainWidth();
      }
      case KEY_VALUE -> {
        AttentionSpec attention = attention(layer);
        int plain = attention.latent().orElseThrow().plainWidth();
        yield attention.heads() * (plain + attention.valueWidth());
      }
      case OUTPUT_GATE -> attention(layer).mixedWidth();
      case CONVOLUTION_INPUT -> 3 * spec.width();
      case DELTA_INPUT ->
          deltaNet(layer).mixedWidth()
              + (deltaNet(layer).grouped() ? deltaNet(layer).valuesWidth() : 0);
      case DELTA_GATE -> deltaNet(layer).valuesWidth();
      case DELTA_RATES -> 2 * deltaNet(layer).valueHeads();
      case DELTA_WRITE, DELTA_FADE -> deltaNet(layer).valueHeads();
      case SPACE_INPUT -> stateSpace(layer).inputWidth();
      case GATE, UP -> block.mlp().width();
      case GATE_UP -> 2 * block.mlp().width();
      case ROUTER -> expertsSpec(layer).experts();
      case SHARED_GATE, SHARED_UP -> expertsSpec(layer).shared();
      case SHARED_GATE_UP -> 2 * expertsSpec(layer).shared();
      case SHARED_SHARE -> 1;
      case LAUREL_DOWN -> altUp().laurelRank();
      case PER_LAYER_GATE -> perLayer().width();
      case OUTPUT, DOWN, SHARED_DOWN, LAUREL_UP, PER_LAYER_OUTPUT -> spec.width();
      default -> throw new IllegalArgumentException(part + " is no linear of a block");
    };
  }

  /** Width of what a linear takes. */
  int inWidth(Part part, int layer) {
    BlockSpec block = spec.block(layer);
    return switch (part) {
      case OUTPUT ->
          switch (block.mixer()) {
            case AttentionSpec attention -> attention.mixedWidth();
            case ConvolutionSpec convolution -> spec.width();
            case DeltaNetSpec net -> net.valuesWidth();
            case StateSpaceSpec space -> space.innerWidth();
          };
      case QUERY ->
          block.has(Part.QUERY_DOWN)
              ? attention(layer).latent().orElseThrow().queryRank()
              : spec.width();
      case KEY_VALUE -> attention(layer).latent().orElseThrow().keyValueRank();
      case DOWN -> block.mlp().width();
      case SHARED_DOWN -> expertsSpec(layer).shared();
      case LAUREL_UP -> altUp().laurelRank();
      case PER_LAYER_OUTPUT -> perLayer().width();
      default -> spec.width();
    };
  }

  private AttentionSpec attention(int layer) {
    return spec.attention(layer)
        .orElseThrow(() -> new IllegalArgumentException("block " + layer + " has no attention"));
  }

  private DeltaNetSpec deltaNet(int layer) {
    return (DeltaNetSpec) spec.block(layer).mixer();
  }

  private StateSpaceSpec stateSpace(int layer) {
    return (StateSpaceSpec) spec.block(layer).mixer();
  }

  private AltUpSpec altUp() {
    return spec.altUp().orElseThrow();
  }

  private PerLayerSpec perLayer() {
    return spec.perLayer().orElseThrow();
  }

  private ExpertsSpec expertsSpec(int layer) {
    return spec.block(layer).experts().orElseThrow();
  }
}
