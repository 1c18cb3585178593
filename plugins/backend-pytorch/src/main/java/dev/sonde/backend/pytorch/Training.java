package dev.sonde.backend.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.packing.PackedBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Trains copies of the weights that a model's decoder uses. Beside the model as it was opened it
 * holds four float32 numbers a weight (the weight, its gradient, two means of Adam), and the graph
 * over as many tokens of a batch as are run at once; their gradients add up.
 */
final class Training implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private final Torch torch;
  private final ModelFolder folder;
  private final DecoderSpec spec;
  private final int tokensAtOnce;
  private final Torch.Scope scope;
  private final Map<String, Trained> weights = new LinkedHashMap<>();

  /** A weight that is trained, and Adam's two means. */
  private record Trained(
      Weight stored, MemorySegment cells, PtNDArray tensor, PtNDArray mean, PtNDArray square) {}

  /**
   * Over a model.
   *
   * @param tokensAtOnce tokens of which a graph is held at once
   */
  Training(Torch torch, ModelFolder folder, int tokensAtOnce) {
    this.torch = torch;
    this.folder = folder;
    this.spec = folder.spec();
    this.tokensAtOnce = tokensAtOnce;
    this.scope = torch.scope();
  }

  /**
   * Carries out a plan.
   *
   * @return the trained weights by their names in the folder
   */
  Map<String, Weight> run(TrainingPlan plan) {
    int number = 0;
    for (TrainingPlan.Step step : plan.steps()) {
      step(step, plan, ++number);
    }
    Map<String, Weight> trained = new LinkedHashMap<>();
    weights.forEach(
        (name, own) -> {
          if (scope.isOnDevice()) { // elsewhere the cells are the tensor's
            own.cells().copyFrom(Torch.host(own.tensor()));
          }
          trained.put(name, Tensor.float32(name, own.cells(), shape(own.stored())));
        });
    return trained;
  }

  private Trained weight(String name) {
    return weights.computeIfAbsent(name, n -> copy(folder.stored(n)));
  }

  private Trained copy(Weight weight) {
    if (weight.count() * Float.BYTES > Integer.MAX_VALUE) { // more is no view of its cells
      throw new UnsupportedCapabilityException(
          "the PyTorch backend trains no weight of more than 2 GiB, such as " + weight.name());
    }
    MemorySegment cells = Arena.ofAuto().allocate(weight.count() * Float.BYTES, ALIGNMENT);
    weight.copyFloats(0, cells, weight.count());
    PtNDArray tensor = scope.view(cells, DataType.FLOAT32, shape(weight));
    PtNDArray mean = scope.call("zeros_like", tensor);
    return new Trained(weight, cells, tensor, mean, scope.call("zeros_like", tensor));
  }

  private static long[] shape(Weight weight) {
    return weight.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private void step(TrainingPlan.Step step, TrainingPlan adam, int number) {
    try (Torch.Scope inner = torch.scope()) {
      Map<String, PtNDArray> sums = new LinkedHashMap<>();
      List<Sequence> counted =
          step.batch().stream().filter(sequence -> !sequence.targets().isEmpty()).toList();
      for (PackedBatch batch : PackedBatch.pack(counted, tokensAtOnce)) {
        gradients(inner, batch, step.targets())
            .forEach((name, more) -> sums.merge(name, more, (a, b) -> inner.call("add_to", a, b)));
      }
      sums.forEach((name, sum) -> update(inner, weight(name), sum, step.rate(), adam, number));
    }
  }

  /**
   * The gradients, by weight, of one part of a batch.
   *
   * @param of the number of targets that the loss of the whole batch is the mean over
   */
  private Map<String, PtNDArray> gradients(Torch.Scope outer, PackedBatch batch, int of) {
    try (Torch.Scope recorded = torch.recordingScope()) {
      Map<String, PtNDArray> leaves = new LinkedHashMap<>();
      LeafTensors parameters =
          new LeafTensors(
              spec,
              folder.weights(),
              name -> leaves.computeIfAbsent(name, n -> leaf(recorded, n)),
              recorded);
      Transformer decoder = new Transformer(spec, parameters);
      PackedTokens tokens =
          new PackedTokens(spec, runs(batch), recorded, (point, run, edges) -> {});
      PtNDArray last = decoder.run(recorded, batch.tokenIds(), tokens, Taps.NONE, spec.layers());
      PtNDArray picked = logProbabilities(recorded, decoder, last, batch);
      float[] shares = new float[Math.toIntExact(picked.getShape().size())];
      Arrays.fill(shares, -1f / of);
      PtNDArray ofPicked = recorded.floats(shares, shares.length, 1);
      PtNDArray[] xs = leaves.values().toArray(PtNDArray[]::new);
      List<PtNDArray> found = recorded.callForMany("gradients", picked, ofPicked, xs);
      Map<String, PtNDArray> gradients = new LinkedHashMap<>();
      int place = 0;
      for (String name : leaves.keySet()) {
        gradients.put(name, outer.keep(found.get(place++)));
      }
      return gradients;
    }
  }

  private PtNDArray leaf(Torch.Scope recorded, String name) {
    return recorded.call("watched", weight(name).tensor());
  }

  private static List<PackedTokens.Run> runs(PackedBatch batch) {
    return IntStream.range(0, batch.size())
        .mapToObj(place -> PackedTokens.Run.of(batch.sequence(place)))
        .toList();
  }

  /** Of all targets, {@code [targets, 1]}; only rows that predict one are unembedded. */
  private static PtNDArray logProbabilities(
      Torch.Scope scope, Transformer decoder, PtNDArray last, PackedBatch batch) {
    List<Integer> rows = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (int place = 0; place < batch.size(); place++) {
      for (Sequence.Target target : batch.sequence(place).targets()) {
        rows.add(batch.start(place) + target.position() - 1);
        ids.add(target.token());
      }
    }
    int[] distinct = rows.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
    int[] which = rows.stream().mapToInt(row -> Arrays.binarySearch(distinct, row)).toArray();
    int[] tokens = ids.stream().mapToInt(Integer::intValue).toArray();
    PtNDArray chosen = scope.call("take", last, scope.integers(distinct));
    PtNDArray logits = decoder.logits(scope, decoder.finalNorm(scope, chosen, Taps.NONE));
    return scope.call(
        "pick",
        scope.call("log_probabilities", logits),
        scope.integers(which),
        scope.integers(tokens));
  }

  /** Adam, its means corrected for having begun at zero. */
  private static void update(
      Torch.Scope inner,
      Trained own,
      PtNDArray gradient,
      double rate,
      TrainingPlan adam,
      int number) {
    inner.call(
        "adam",
        own.tensor(),
        gradient,
        own.mean(),
        own.square(),
        1 - rate * adam.weightDecay(),
        adam.beta1(),
        adam.beta2(),
        adam.epsilon(),
        rate / (1 - Math.pow(adam.beta1(), number)),
        Math.sqrt(1 - Math.pow(adam.beta2(), number)));
  }

  @Override
  public void close() {
    scope.close();
  }
}
