package dev.sonde.backend.llamacpp;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.ContentHash;
import dev.sonde.packing.BatchStream;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.Requests;
import dev.sonde.packing.SingleStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A model in a GGUF file; llama.cpp and the weights are loaded by the first request. */
final class LlamaCppBackend implements LanguageModel {
  private final GgufModelFile file;
  private final Options options;
  private final int threads;
  private final Optional<LoadTrial> trial;
  private final ModelInfo info;
  private final Capabilities capabilities;
  private Optional<OpenLlama> open = Optional.empty();

  /**
   * A model.
   *
   * @param trial what runs a file first; nothing where that need not be
   */
  LlamaCppBackend(
      GgufModelFile file,
      Options options,
      ContentHash hashes,
      int threads,
      Optional<LoadTrial> trial) {
    this.file = file;
    this.options = options;
    this.threads = threads;
    this.trial = trial;
    this.info = file.info(hashes).dtype(file.weightType() + options.suffix()).memory(0, memory());
    this.capabilities = can();
  }

  /** Weights, keys and values of what runs at once, and the logits of a pass, twice. */
  private long memory() {
    long logits = (long) OpenLlama.batchTokens(file.vocabulary()) * file.vocabulary() * Float.BYTES;
    return file.weightBytes() + options.cacheBytes() + 2 * logits;
  }

  private Capabilities can() {
    Set<String> sites = file.sites();
    boolean edges = sites.contains(HookPoint.PATTERN);
    Set<String> features = new TreeSet<>(Set.of(Capabilities.STEPS));
    if (edges && !info.attention().isEmpty()) {
      features.add(Capabilities.ATTENTION_MASK);
      features.add(Capabilities.SCORES);
    }
    Capabilities can =
        Capabilities.none()
            .sites(sites)
            .absent(file.absent())
            .longestContext(file.numbers().context())
            .interventions(
                Set.of(
                    Intervention.ADD,
                    Intervention.SCALE_ALONG,
                    Intervention.ERASE,
                    Intervention.REPLACE,
                    Intervention.PATCH))
            .features(features);
    return file.isCausal() ? can.generating() : can;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  private OpenLlama open() {
    if (open.isEmpty()) {
      Path library = LibraryFolder.find(options.library(), options.device());
      trial.ifPresent(first -> first.run(library, file, info.contentHash(), options.device()));
      open = Optional.of(new OpenLlama(library, file, options, threads));
    }
    return open.get();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    Requests.check(info, capabilities, request);
    request.sequences().forEach(LlamaCppBackend::checkChanges);
    return new Started(request);
  }

  /** A stream that loads the model when it is first asked. */
  private final class Started implements ActivationStream {
    private final ForwardRequest request;
    private Optional<BatchStream> stream = Optional.empty();

    Started(ForwardRequest request) {
      this.request = request;
    }

    private BatchStream begin() {
      OpenLlama now = open();
      request.groups().stream()
          .flatMap(List::stream)
          .map(Read::point)
          .forEach(point -> require(now, point));
      List<Sequence> sequences = request.sequences();
      now.makeRoom(sequences.stream().mapToInt(Sequence::length).max().orElse(1));
      int budget = request.tokenBudget() > 0 ? request.tokenBudget() : options.tokens();
      LlamaPass.Kept kept = new LlamaPass.Kept();
      return new BatchStream(
          PackedBatch.pack(sequences, budget).iterator(),
          batch ->
              new SingleStep(
                  new Readout(request, batch),
                  readout -> new LlamaPass(now, request, readout, kept).run()));
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
    }
  }

  private static void require(OpenLlama now, HookPoint point) {
    if (!now.sites().has(point)) {
      throw new UnsupportedCapabilityException(
          "llama.cpp's graph of this model has no node for %s".formatted(point));
    }
  }

  /**
   * A linear's input is also that of its neighbours; logits are copied before they could change.
   */
  private static void checkChanges(Sequence sequence) {
    for (Intervention each : sequence.interventions()) {
      HookPoint point = each.point();
      boolean behind = point.equals(HookPoint.LOGITS) || point.equals(HookPoint.LOG_PROB);
      if (point.isLinear() || behind || point.site().equals(HookPoint.PATTERN)) {
        throw new UnsupportedCapabilityException(
            "the llama.cpp backend changes nothing at %s".formatted(point));
      }
    }
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    Requests.check(info, capabilities, request);
    for (Sequence sequence : request.sequences()) {
      checkChanges(sequence);
      if (sequence.interventions().stream().anyMatch(i -> i.point().isEdge())) {
        throw new UnsupportedCapabilityException(
            "the llama.cpp backend does not generate with changed attention scores");
      }
    }
    for (HookPoint point : request.points()) {
      boolean behind = point.equals(HookPoint.LOGITS) || point.equals(HookPoint.LOG_PROB);
      if (point.isEdge() || behind) {
        throw new UnsupportedCapabilityException(
            "the llama.cpp backend does not read %s of generated tokens".formatted(point));
      }
    }
    OpenLlama now = open();
    request.points().forEach(point -> require(now, point));
    return new Generations(request, now, options);
  }

  @Override
  public void forget() {
    open.ifPresent(OpenLlama::forget);
  }

  @Override
  public void close() {
    open.ifPresent(OpenLlama::close);
    open = Optional.empty();
  }
}
