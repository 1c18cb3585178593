package dev.sonde.packing.folder;

import dev.sonde.api.model.Attention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.stream.IntStream;

/** What the files of a model say of it, whichever backend runs it. */
public final class FolderInfo {
  private FolderInfo() {}

  /**
   * A description to which the backend adds number type, memory and notes.
   *
   * @param contentHash of weights and configuration
   */
  public static ModelInfo.Builder of(ModelFolder folder, String contentHash) {
    DecoderSpec spec = folder.spec();
    DecoderSpec.Attention attention = spec.attention();
    ModelInfo.Builder info =
        ModelInfo.builder(spec.architecture(), contentHash)
            .shape(spec.layers(), spec.width())
            .heads(attention.heads(), attention.keyValueHeads(), attention.headWidth())
            .vocabulary(spec.vocabulary())
            .parameters(folder.parameters())
            .blockParameters(folder.weights().usedByToken())
            .widths(folder.weights().siteWidths())
            .attention(attention(spec))
            .endOfSequence(folder.endOfSequence());
    folder.tokenizer().map(TokenizerSource::of).ifPresent(info::tokenizer);
    return info;
  }

  private static List<Attention> attention(DecoderSpec spec) {
    return IntStream.range(0, spec.layers()).mapToObj(layer -> block(spec, layer)).toList();
  }

  private static Attention block(DecoderSpec spec, int layer) {
    DecoderSpec.Attention attention = spec.attention();
    Attention.Builder block =
        Attention.scaledBy(attention.scale(layer))
            .softCap(attention.cap())
            .window(attention.windows().get(layer))
            .sinks(spec.has(Part.SINKS));
    attention
        .rotary()
        .get(layer)
        .ifPresent(
            rotary ->
                block.rotary(
                    new Attention.Rotary(
                        rotary.frequencies(1),
                        rotary.interleaved(),
                        rotary.magnitude(),
                        rotary.variant(1))));
    return block.build();
  }
}
