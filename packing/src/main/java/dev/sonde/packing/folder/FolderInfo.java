package dev.sonde.packing.folder;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;

/** What the files of a model say of it, whichever backend runs it. */
public final class FolderInfo {
  private FolderInfo() {}

  /**
   * A description to which the backend adds number type and memory.
   *
   * @param contentHash of weights and configuration
   */
  @SuppressWarnings("exports") // who has a folder reads the library of formats itself
  public static ModelInfo.Builder of(ModelFolder folder, String contentHash) {
    DecoderSpec spec = folder.spec();
    ModelInfo.Builder info =
        ModelInfo.builder(spec.architecture(), contentHash)
            .shape(spec.layers(), spec.width())
            .vocabulary(spec.vocabulary())
            .parameters(folder.parameters())
            .blockParameters(folder.weights().usedByToken())
            .widths(folder.weights().hookSites().widths())
            .attention(AttentionOf.blocks(spec))
            .endOfSequence(folder.endOfSequence());
    spec.anyAttention()
        .ifPresent(any -> info.heads(any.heads(), any.keyValueHeads(), any.headWidth()));
    folder.tokenizer().map(TokenizerSource::of).ifPresent(info::tokenizer);
    folder.remarks().forEach(info::note);
    folder.refusedTokens().forEach(info::refuseToken);
    return info;
  }
}
