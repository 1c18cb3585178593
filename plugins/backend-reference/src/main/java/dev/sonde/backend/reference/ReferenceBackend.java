package dev.sonde.backend.reference;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.HookSites;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.packing.BatchStream;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.Requests;
import dev.sonde.packing.folder.FolderInfo;
import java.util.Optional;
import java.util.Set;

/** A model served by {@link Transformer}; its weights are read by the first request. */
final class ReferenceBackend implements LanguageModel {
  private static final int TOKEN_BUDGET = 512;

  private final ModelFolder folder;
  private final DecoderSpec spec;
  private final HookSites sites;
  private final ModelInfo info;
  private Optional<Transformer> decoder = Optional.empty();

  ReferenceBackend(ModelFolder folder, String contentHash) {
    this.folder = folder;
    this.spec = folder.spec();
    this.sites = folder.weights().hookSites();
    this.info = FolderInfo.of(folder, contentHash).memory(folder.parameters() * Float.BYTES, 0);
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Capabilities capabilities() {
    Capabilities can =
        Capabilities.none()
            .sites(sites.sites())
            .absent(sites.absent())
            .features(spec.isOneStream() ? Set.of(Capabilities.START) : Set.of())
            .longestContext(spec.longestContext());
    return generates() ? can.generating() : can;
  }

  /** Text grows token by token where no token sees a later one and there is an unembedding. */
  private boolean generates() {
    return spec.isCausal() && sites.sites().contains(HookPoint.LOGITS.site());
  }

  private Transformer decoder() {
    if (decoder.isEmpty()) {
      try {
        decoder = Optional.of(new Transformer(spec, folder.weights(), Kernel.best()));
      } catch (FormatException e) {
        throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
      }
    }
    return decoder.get();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    Requests.check(info, capabilities(), request);
    int budget = request.tokenBudget() > 0 ? request.tokenBudget() : TOKEN_BUDGET;
    return new BatchStream(
        PackedBatch.pack(request.sequences(), budget).iterator(),
        batch -> new ReferencePass(decoder(), new Readout(request, batch)));
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    Requests.check(info, capabilities(), request);
    return new Generations(request, decoder());
  }

  @Override
  public void close() {
    decoder = Optional.empty();
  }
}
