package dev.sonde.backend.reference;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Reduction;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.HookSites;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.packing.BatchStream;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import java.util.List;
import java.util.Optional;

/** A model served by {@link Decoder}; its weights are read by the first request. */
final class ReferenceBackend implements ModelBackend {
  private static final int TOKEN_BUDGET = 512;

  private final ModelFolder folder;
  private final DecoderSpec spec;
  private final HookSites sites;
  private final ModelInfo info;
  private Optional<Decoder> decoder = Optional.empty();

  ReferenceBackend(ModelFolder folder, String contentHash) {
    this.folder = folder;
    this.spec = folder.spec();
    this.sites = folder.weights().hookSites();
    ModelInfo.Builder builder =
        ModelInfo.builder(spec.architecture(), contentHash)
            .shape(spec.layers(), spec.width())
            .vocabulary(spec.vocabulary())
            .parameters(folder.parameters())
            .blockParameters(folder.weights().usedByToken())
            .memory(folder.parameters() * Float.BYTES, 0)
            .widths(sites.widths())
            .attention(AttentionOf.blocks(spec))
            .endOfSequence(folder.endOfSequence());
    spec.anyAttention()
        .ifPresent(any -> builder.heads(any.heads(), any.keyValueHeads(), any.headWidth()));
    folder.remarks().forEach(builder::note);
    folder.tokenizer().map(TokenizerSource::of).ifPresent(builder::tokenizer);
    this.info = builder.build();
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Capabilities capabilities() {
    Capabilities.Builder can =
        Capabilities.builder()
            .sites(sites.sites())
            .absent(sites.absent())
            .longestContext(spec.longestContext());
    return generates() ? can.generates().build() : can.build();
  }

  /** Text grows token by token where no token sees a later one and there is an unembedding. */
  private boolean generates() {
    return spec.isCausal() && sites.sites().contains(HookPoint.LOGITS.site());
  }

  private Decoder decoder() {
    if (decoder.isEmpty()) {
      try {
        decoder = Optional.of(new Decoder(spec, folder.weights(), Kernel.best()));
      } catch (FormatException e) {
        throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
      }
    }
    return decoder.get();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    request.groups().stream().flatMap(List::stream).forEach(this::check);
    request.sequences().forEach(s -> checkLength(s.length()));
    int budget = request.tokenBudget() > 0 ? request.tokenBudget() : TOKEN_BUDGET;
    return new BatchStream(
        PackedBatch.pack(request.sequences(), budget).iterator(),
        batch -> new ReferencePass(decoder(), new Readout(request, batch)));
  }

  private void check(Read read) {
    HookPoint point = read.point();
    if (!sites.sites().contains(point.site())
        || sites.absent().contains(point.name())
        || point.layer().orElse(0) >= spec.layers()) {
      throw new UnsupportedCapabilityException(
          "the reference backend cannot read %s of this model".formatted(point));
    }
    if (point.isEdge() && read.reduction() != Reduction.NONE) {
      throw new UnsupportedCapabilityException(
          "%s: rows of attention differ in length and cannot be reduced".formatted(read));
    }
  }

  private void checkLength(int tokens) {
    if (tokens > spec.longestContext()) {
      throw new UnsupportedCapabilityException(
          "a sequence of %d tokens is longer than the model's context of %d"
              .formatted(tokens, spec.longestContext()));
    }
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    if (!generates()) {
      throw new UnsupportedCapabilityException(
          "this model does not generate: it has no unembedding, or its tokens see later ones");
    }
    request.sequences().forEach(s -> checkLength(s.length() + s.maxNewTokens()));
    if (!request.points().isEmpty()) {
      throw new UnsupportedCapabilityException(
          "the reference backend reads no activations of generated tokens");
    }
    return new Generations(request, decoder());
  }

  @Override
  public void close() {
    decoder = Optional.empty();
  }
}
