package dev.sonde.backend.pytorch;

import dev.sonde.api.InvalidInputException;
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
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DenseSpec;
import dev.sonde.formats.huggingface.ExpertsSpec;
import dev.sonde.formats.huggingface.HookSites;
import dev.sonde.formats.huggingface.MlpSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.formats.huggingface.PairedSpec;
import dev.sonde.packing.BatchStream;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.Requests;
import dev.sonde.packing.RowSelection;
import dev.sonde.packing.SingleStep;
import dev.sonde.packing.folder.FolderInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** A model served by {@link Transformer}; libtorch is started by the first request. */
final class PyTorchBackend implements LanguageModel {
  /** What a graph over one packed batch may take. */
  private static final long GRAPH_BYTES = 768L << 20;

  private final ModelFolder folder;
  private final DecoderSpec spec;
  private final HookSites sites;
  private final ModelInfo info;
  private final Abilities abilities;
  private final Resources resources;
  private final Precision precision;
  private final Budget budget;
  private Optional<Torch> started;
  private Optional<Running> running = Optional.empty();

  /** What is there once libtorch runs. */
  private record Running(Torch torch, Transformer decoder, PrefixCache cache, Drafts drafts) {}

  /**
   * A model.
   *
   * @param precision of its linears
   * @param budget what it may spend
   * @param started a libtorch that runs already, which this backend closes
   */
  PyTorchBackend(
      ModelFolder folder,
      String contentHash,
      Resources resources,
      Precision precision,
      Budget budget,
      Optional<Torch> started) {
    this.folder = folder;
    this.spec = folder.spec();
    this.sites = folder.weights().hookSites();
    this.resources = resources;
    this.precision = precision;
    this.budget = budget;
    this.started = started;
    ModelInfo plain =
        FolderInfo.of(folder, contentHash).dtype(budget.device().dtype(precision.dtype()));
    long taken = folder.parameters() * Float.BYTES + budget.prefixBytes();
    plain = budget.device().isProcessor() ? plain.memory(0, taken) : plain.deviceMemory(taken);
    this.info = precision.note().map(plain::note).orElse(plain);
    this.abilities = new Abilities(folder, sites, !info.attention().isEmpty(), precision);
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Capabilities capabilities() {
    return abilities.capabilities();
  }

  private Running running() {
    if (running.isEmpty()) {
      Torch torch = started.orElseGet(() -> Torch.start(resources, budget.device()));
      started = Optional.empty();
      try {
        Torch.Scope weights = torch.recordingScope(); // what is made elsewhere cannot be in a graph
        DecoderTensors tensors =
            new DecoderTensors(spec, folder.weights(), weights, precision.bfloat16());
        Transformer decoder = new Transformer(spec, tensors);
        PrefixCache.Layout layout = new PrefixCache.Layout(torch, MemoryShape.of(spec));
        // What cannot be cut where texts part is run with each of them.
        long kept = spec.isPrefixable() ? budget.prefixBytes() : 0;
        PrefixCache cache = new PrefixCache(layout, kept);
        running = Optional.of(new Running(torch, decoder, cache, new Drafts()));
      } catch (FormatException e) {
        torch.close();
        throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
      }
    }
    return running.get();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    Requests.check(info, capabilities(), request);
    List<HookPoint> gradients =
        request.groups().stream()
            .flatMap(List::stream)
            .filter(Read::isGradient)
            .map(Read::point)
            .toList();
    gradients.forEach(PyTorchBackend::checkGradient);
    int tokens = request.tokenBudget() > 0 ? request.tokenBudget() : budget.tokens();
    return !gradients.isEmpty()
        ? new PrefixedStream(request, Math.min(tokens, recordedTokens()), true)
        : new PrefixedStream(request, tokens, false);
  }

  /** Tokens whose activations, all of which a graph keeps, fit into its memory. */
  private int recordedTokens() {
    return tokensOf(activations());
  }

  /** The same where logits, their logarithms and a gradient are kept of each token too. */
  private int trainedTokens() {
    return tokensOf(activations() + 3L * spec.vocabulary());
  }

  /** Numbers that a graph keeps of a token. */
  private long activations() {
    return spec.blocks().stream().mapToLong(b -> 12L * spec.width() + 6L * inner(b.mlp())).sum();
  }

  /** Inner numbers of an MLP that a token comes by. */
  private static long inner(MlpSpec mlp) {
    return switch (mlp) {
      case DenseSpec dense -> dense.width();
      case ExpertsSpec experts ->
          (long) experts.router().chosen() * experts.width() + experts.shared();
      case PairedSpec pair -> inner(pair.dense()) + inner(pair.experts());
    };
  }

  private int tokensOf(long floats) {
    return Math.toIntExact(Math.clamp(GRAPH_BYTES / (floats * Float.BYTES), 1, budget.tokens()));
  }

  /**
   * Runs what sequences share when it is first asked for anything. Where gradients are recorded
   * that is a constant: they go back to the first token that is read, not into what is before it.
   */
  private final class PrefixedStream implements ActivationStream {
    private final ForwardRequest request;
    private final int tokens;
    private final boolean recorded;
    private Optional<SharedPrefixes> prefixes = Optional.empty();
    private Optional<BatchStream> stream = Optional.empty();

    PrefixedStream(ForwardRequest request, int tokens, boolean recorded) {
      this.request = request;
      this.tokens = tokens;
      this.recorded = recorded;
    }

    private BatchStream begin() {
      Running now = running();
      List<Sequence> sequences = request.sequences();
      int blocks = Readout.depth(request, spec.layers());
      float[][] known = new float[sequences.size()][];
      int[] limits = new int[known.length];
      for (int i = 0; i < limits.length; i++) {
        known[i] = known(now.cache(), sequences.get(i), blocks);
        limits[i] = unread(sequences.get(i), known[i]);
      }
      prefixes =
          Optional.of(
              new SharedPrefixes(
                  now.decoder(), now.cache(), sequences, limits, known, blocks, tokens, recorded));
      Optional<SharedPrefixes> used = prefixes.filter(SharedPrefixes::isActive);
      IntUnaryOperator skipped = place -> used.map(shared -> shared.skipped(place)).orElse(0);
      return new BatchStream(
          PackedBatch.pack(sequences, tokens, skipped).iterator(),
          batch -> {
            Readout readout = new Readout(request, batch);
            boolean tooLong = recorded && batch.tokens() > tokens;
            return tooLong && BlockwiseGradients.suits(spec, request)
                ? new SingleStep(
                    readout,
                    all -> new BlockwiseGradients(now.decoder(), now.torch(), all, used).run())
                : new PyTorchPass(now.decoder(), now.torch(), readout, used);
          });
    }

    /** Log-probabilities of a sequence's own tokens, as far as it has any that can be known. */
    private float[] known(PrefixCache cache, Sequence sequence, int blocks) {
      return SharedPrefixes.isPlain(sequence) && !sequence.targets().isEmpty()
          ? cache.logProbabilities(sequence.tokens(), blocks)
          : new float[0];
    }

    /** How many first tokens of a sequence need not be run: one is, whatever is known. */
    private int unread(Sequence sequence, float[] known) {
      int first =
          RowSelection.unread(
              request,
              sequence,
              target ->
                  target.position() < known.length
                      && sequence.token(target.position()) == target.token()
                      && !Float.isNaN(known[target.position()]));
      return Math.min(first, sequence.length() - 1);
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

  /** Results per head are sums beside the way of the stream; the others are behind it. */
  private static void checkGradient(HookPoint point) {
    if (point.isEdge()
        || point.site().equals(Sites.RESULT)
        || (point.layer().isEmpty() && !point.isBeforeBlocks())) {
      throw new UnsupportedCapabilityException(
          "the PyTorch backend takes no gradient at %s".formatted(point));
    }
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    Requests.check(info, capabilities(), request);
    for (Sequence sequence : request.sequences()) {
      if (sequence.distances().isPresent()
          || sequence.interventions().stream().anyMatch(i -> i.point().isEdge())) {
        throw new UnsupportedCapabilityException(
            "the PyTorch backend does not generate with changed distances or attention scores");
      }
    }
    request.points().forEach(PyTorchBackend::checkStep);
    Running now = running();
    return new Generations(
        request, now.decoder(), now.torch(), now.cache(), now.drafts(), budget.tokens());
  }

  /** What is behind the blocks or differs in width from token to token is not read of steps. */
  private static void checkStep(HookPoint point) {
    if (point.isEdge() || (point.layer().isEmpty() && !point.isBeforeBlocks())) {
      throw new UnsupportedCapabilityException(
          "the PyTorch backend does not read %s of generated tokens".formatted(point));
    }
  }

  @Override
  public LanguageModel train(TrainingPlan plan) {
    abilities
        .untrainable()
        .ifPresent(
            why -> {
              throw new UnsupportedCapabilityException(
                  "the PyTorch backend does not train this model: " + why);
            });
    Requests.check(info, capabilities(), plan);
    Torch torch = Torch.start(resources, budget.device());
    try (Training training = new Training(torch, folder, trainedTokens())) {
      ModelFolder trained = folder.with(training.run(plan));
      String hash = trained.contentHash(new ContentHash(resources.cache().resolve("hashes")));
      return new PyTorchBackend(trained, hash, resources, precision, budget, Optional.of(torch));
    } catch (RuntimeException e) {
      torch.close();
      throw e;
    }
  }

  @Override
  public void save(Path target) {
    try {
      folder.save(target);
    } catch (FormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void forget() {
    running.ifPresent(
        r -> {
          r.cache().clear();
          r.drafts().clear();
        });
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
