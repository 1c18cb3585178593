package dev.sonde.packing.folder;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import java.util.Map;
import java.util.Optional;

/** What the files of a model say of it, whichever backend runs it. */
public final class FolderInfo {
  private FolderInfo() {}

  /**
   * A description to which the backend adds number type and memory.
   *
   * @param contentHash of weights and configuration
   */
  @SuppressWarnings("exports") // who has a folder reads the library of formats itself
  public static ModelInfo of(ModelFolder folder, String contentHash) {
    DecoderSpec spec = folder.spec();
    ModelInfo info =
        ModelInfo.of(spec.architecture(), contentHash)
            .shape(spec.layers(), spec.width())
            .vocabulary(spec.vocabulary())
            .parameters(folder.parameters())
            .blockParameters(folder.weights().usedByToken())
            .widths(folder.weights().hookSites().widths())
            .attention(AttentionOf.blocks(spec))
            .endOfSequence(folder.endOfSequence());
    Optional<AttentionSpec> any = spec.anyAttention();
    if (any.isPresent()) {
      AttentionSpec heads = any.get();
      info = info.heads(heads.heads(), heads.keyValueHeads(), heads.headWidth());
    }
    info = folder.tokenizer().map(TokenizerSource::of).map(info::tokenizer).orElse(info);
    for (String remark : folder.remarks()) {
      info = info.note(remark);
    }
    for (Map.Entry<Integer, String> token : folder.refusedTokens().entrySet()) {
      info = info.refuseToken(token.getKey(), token.getValue());
    }
    return info;
  }
}
