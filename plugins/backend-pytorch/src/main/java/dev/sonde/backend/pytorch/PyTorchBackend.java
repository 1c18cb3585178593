package dev.sonde.backend.pytorch;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Reduction;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.packing.BatchStream;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.RowSelection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A model served by {@link LlamaDecoder}; libtorch is started by the first request. */
final class PyTorchBackend implements ModelBackend {
  /** Large enough for the matrix products to run at speed, small enough for the cache. */
  private static final int TOKEN_BUDGET = 2048;

  /** Keys and values of prefixes that are kept. */
  private static final long PREFIX_BYTES = 256L << 20;

  private final ModelFolder folder;
  private final DecoderSpec spec;
  private final Set<String> sites;
  private final ModelInfo info;
  private final Resources resources;
  private final Precision precision;
  private Optional<Torch> started;
  private Optional<Running> running = Optional.empty();

  /** What is there once libtorch runs. */
  private record Running(Torch torch, Decoder decoder, PrefixCache cache) {}

  /**
   * A model.
   *
   * @param precision of its linears
   * @param started a libtorch that runs already, which this backend closes
   */
  PyTorchBackend(
      ModelFolder folder,
      String contentHash,
      Resources resources,
      Precision precision,
      Optional<Torch> started) {
    this.folder = folder;
    this.spec = folder.spec();
    this.sites = folder.weights().sites();
    this.resources = resources;
    this.precision = precision;
    this.started = started;
    ModelInfo.Builder builder =
        ModelInfo.builder(spec.architecture(), contentHash)
            .dtype(precision.dtype())
            .shape(spec.layers(), spec.width())
            .heads(
                spec.attention().heads(),
                spec.attention().keyValueHeads(),
                spec.attention().headWidth())
            .vocabulary(spec.vocabulary())
            .parameters(folder.parameters())
            .endOfSequence(folder.endOfSequence());
    folder
        .tokenizer()
        .ifPresent(f -> builder.tokenizer(new TokenizerSource(TokenizerSource.TOKENIZER_JSON, f)));
    precision.note().ifPresent(builder::note);
    this.info = builder.build();
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.builder()
        .sites(sites)
        .longestContext(spec.longestContext())
        .generates()
        .interventions(
            Set.of(
                Intervention.ADD,
                Intervention.SCALE_ALONG,
                Intervention.REPLACE,
                Intervention.PATCH))
        .features(Set.of(Capabilities.POSITIONS, Capabilities.ATTENTION_MASK))
        .build();
  }

  private Running running() {
    if (running.isEmpty()) {
      Torch torch = started.orElseGet(() -> Torch.start(resources));
      started = Optional.empty();
      try {
        Torch.Scope scope = torch.scope();
        DecoderTensors tensors =
            new DecoderTensors(spec, folder.weights(), scope, precision.bfloat16());
        Decoder decoder = new Decoder(spec, tensors);
        PrefixCache.Layout layout =
            new PrefixCache.Layout(
                torch,
                spec.layers(),
                spec.attention().keyValueHeads(),
                spec.attention().headWidth());
        PrefixCache cache = new PrefixCache(layout, PREFIX_BYTES);
        running = Optional.of(new Running(torch, decoder, cache));
      } catch (FormatException e) {
        torch.close();
        throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
      }
    }
    return running.get();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    request.groups().stream().flatMap(List::stream).forEach(this::check);
    request.sequences().forEach(s -> checkLength(s.length()));
    int budget = request.tokenBudget() > 0 ? request.tokenBudget() : TOKEN_BUDGET;
    return new PrefixedStream(request, budget);
  }

  /** Runs what sequences share when it is first asked for anything. */
  private final class PrefixedStream implements ActivationStream {
    private final ForwardRequest request;
    private final int budget;
    private Optional<SharedPrefixes> prefixes = Optional.empty();
    private Optional<BatchStream> stream = Optional.empty();

    PrefixedStream(ForwardRequest request, int budget) {
      this.request = request;
      this.budget = budget;
    }

    private BatchStream begin() {
      Running now = running();
      List<Sequence> sequences = request.sequences();
      int[] limits = sequences.stream().mapToInt(s -> RowSelection.unread(request, s)).toArray();
      int blocks = Readout.depth(request, spec.layers());
      SharedPrefixes shared =
          new SharedPrefixes(now.decoder(), now.cache(), sequences, limits, blocks, budget);
      prefixes = Optional.of(shared);
      Optional<SharedPrefixes> used = shared.isActive() ? prefixes : Optional.empty();
      return new BatchStream(
          PackedBatch.pack(sequences, budget, shared::skipped).iterator(),
          batch -> new PyTorchPass(now.decoder(), now.torch(), new Readout(request, batch), used));
    }

    @Override
    public boolean next() {
      if (stream.isEmpty()) {
        stream = Optional.of(begin());
      }
      return stream.get().next();
    }

    @Override
    public Batch batch() {
      return stream
          .orElseThrow(() -> new IllegalStateException("there is no current batch"))
          .batch();
    }

    @Override
    public void close() {
      stream.ifPresent(BatchStream::close);
      prefixes.ifPresent(SharedPrefixes::close);
    }
  }

  private void check(Read read) {
    HookPoint point = read.point();
    if (!sites.contains(point.site()) || point.layer().orElse(0) >= spec.layers()) {
      throw new UnsupportedCapabilityException(
          "the PyTorch backend cannot read %s of this model".formatted(point));
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
    request.sequences().forEach(s -> checkLength(s.length() + s.maxNewTokens()));
    return new Generations(request, running().decoder(), running().torch());
  }

  @Override
  public void close() {
    started.ifPresent(Torch::close);
    started = Optional.empty();
    running.ifPresent(
        r -> {
          r.cache().close();
          r.torch().close();
        });
    running = Optional.empty();
  }
}
