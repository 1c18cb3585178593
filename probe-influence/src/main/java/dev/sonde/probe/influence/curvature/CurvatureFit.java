package dev.sonde.probe.influence.curvature;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.ShardedStage;
import dev.sonde.probe.influence.read.TokenizedText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Fits the curvature of each linear on some documents, in three stages of shards: second moments of
 * tokens, a shard a partition; their eigenbases, a shard a linear; squared gradients of documents
 * in them, a shard a partition. Sums over partitions are added up in the order of the documents.
 *
 * <p>There is one partition unless the settings ask for more: a sum over all documents has other
 * last bits than the sum of two halves' sums, so how documents are parted changes the figures.
 */
public final class CurvatureFit {
  /** The stage of second moments. */
  public static final String COVARIANCE = "covariance";

  /** The stage of eigenbases. */
  public static final String EIGENBASIS = "eigenbasis";

  /** The stage of squared gradients. */
  public static final String LAMBDA = "lambda";

  /** The eigenbases of all linears, for the shards that come after. */
  private static final String BASES = "bases";

  /** The sums of squared gradients, likewise. */
  private static final String SQUARES = "squares";

  /** How many documents squared gradients are summed over. */
  private static final String ITEMS = "items";

  private static final int VERSION = 2;

  private final FitTask task;
  private final List<TokenizedText> documents;
  private final Gradients gradients;
  private final LinearAlgebra algebra;
  private Optional<List<Factors>> fitted = Optional.empty();

  /**
   * Fits on some documents.
   *
   * @param gradients of the linears that are looked at
   */
  public CurvatureFit(
      FitTask task, List<TokenizedText> documents, Gradients gradients, LinearAlgebra algebra) {
    this.task = task;
    this.documents = documents;
    this.gradients = gradients;
    this.algebra = algebra;
  }

  /** Which fit it is. */
  public FitTask task() {
    return task;
  }

  private List<LinearModule> linears() {
    return gradients.linears();
  }

  /** How many tokens the second moments are summed over. */
  public long tokens() {
    return documents.stream().mapToLong(document -> document.tokens().length).sum();
  }

  /**
   * What the factors belong to.
   *
   * @param model whose gradients they are of
   */
  public FactorKey key(ModelInfo model) {
    return FactorKey.of(model, linears(), task, documents);
  }

  /**
   * Has all stages computed, or reads what was fitted before.
   *
   * @return a value for each linear, with the second moments where they are computed
   * @throws InvalidInputException if factors of another model are to be read
   */
  public List<Factors> fit(ProbeContext context, FitSettings settings) {
    return task.number() == 0 && settings.factors().isPresent()
        ? read(context, settings.factors().get())
        : fit(context, settings.partitions());
  }

  private List<Factors> read(ProbeContext context, Path path) {
    FactorFolder folder = new FactorFolder(path);
    FactorKey key = key(context.model().info());
    folder.require(key, task);
    if (!key.isOfThisFit(folder.header())) {
      context
          .report()
          .note(
              "The curvature was read from %s; it was fitted on other documents or labels than this run would take, or its files do not say on which."
                  .formatted(path));
    }
    if (task.rotates()) {
      context.stage(task.stage(BASES), VERSION, () -> folder.bases(linears()));
    }
    if (task.corrects()) {
      context.stage(
          task.stage(SQUARES),
          VERSION,
          () ->
              folder
                  .corrected(linears())
                  .artifact(linears())
                  .with(ITEMS, folder.items(linears().getFirst())));
    }
    return fitted(context);
  }

  private List<Factors> fit(ProbeContext context, int partitions) {
    SequencedMap<String, Artifact> parts = parts(partitions);
    List<Covariances> sums = task.rotates() ? covariances(context, parts) : List.of();
    if (task.rotates()) {
      bases(context, sums);
    }
    if (task.corrects() || task.squares()) {
      squares(context, parts);
    }
    List<Factors> factors = fitted(context);
    return sums.isEmpty()
        ? factors
        : IntStream.range(0, factors.size())
            .mapToObj(i -> factors.get(i).with(sums.get(i)))
            .toList();
  }

  private SequencedMap<String, Artifact> parts(int most) {
    int count = Math.min(most, documents.size());
    SequencedMap<String, Artifact> parts = new LinkedHashMap<>();
    for (long part = 0; part < count; part++) {
      long from = part * documents.size() / count;
      long to = (part + 1) * documents.size() / count;
      parts.put("documents-" + from, input().with("documents", from, to));
    }
    return parts;
  }

  private Artifact input() {
    return Artifact.empty().with("fit", task.number());
  }

  private List<TokenizedText> documents(Artifact input) {
    long[] range = input.integers("documents");
    return documents.subList((int) range[0], (int) range[1]);
  }

  private List<Covariances> covariances(
      ProbeContext context, SequencedMap<String, Artifact> parts) {
    List<Covariances> sums = linears().stream().map(Covariances::none).toList();
    for (Artifact part :
        ShardedStage.compute(context, task.stage(COVARIANCE), VERSION, parts).values()) {
      for (int i = 0; i < sums.size(); i++) {
        sums.get(i).add(Covariances.in(part, linears().get(i)));
      }
    }
    return sums;
  }

  /** A shard of {@link #COVARIANCE}. */
  public Artifact covariance(Artifact input) {
    List<Covariances> sums = linears().stream().map(Covariances::none).toList();
    gradients.each(
        documents(input), task.labels(), rows -> sums.get(rows.linear()).add(rows, algebra));
    Artifact result = Artifact.empty();
    for (int i = 0; i < sums.size(); i++) {
      result = sums.get(i).into(result, linears().get(i));
    }
    return result;
  }

  private void bases(ProbeContext context, List<Covariances> sums) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (int i = 0; i < sums.size(); i++) {
      LinearModule linear = linears().get(i);
      Artifact input = input().with("linear", i).with("tokens", tokens());
      inputs.put(linear.module(), sums.get(i).into(input, linear));
    }
    SequencedMap<String, Artifact> found =
        ShardedStage.compute(context, task.stage(EIGENBASIS), VERSION, inputs);
    context.stage(
        task.stage(BASES),
        VERSION,
        () -> {
          Artifact all = Artifact.empty();
          for (LinearModule linear : linears()) {
            Artifact own = found.get(linear.module());
            if (own == null) {
              throw new IllegalStateException("no eigenbasis of " + linear.module());
            }
            all = Eigenbasis.in(own, linear).into(all, linear);
          }
          return all;
        });
  }

  /** A shard of {@link #EIGENBASIS}. */
  public Artifact eigenbasis(Artifact input) {
    LinearModule linear = linears().get((int) input.integers("linear")[0]);
    long tokens = input.integers("tokens")[0];
    Eigenbasis basis = Eigenbasis.of(Covariances.in(input, linear), tokens, algebra);
    return basis.into(Artifact.empty(), linear);
  }

  private void squares(ProbeContext context, SequencedMap<String, Artifact> parts) {
    SequencedMap<String, Artifact> found =
        ShardedStage.compute(context, task.stage(LAMBDA), VERSION, parts);
    context.stage(
        task.stage(SQUARES),
        VERSION,
        () -> {
          SquaredGradients sums = SquaredGradients.none(task, linears());
          found.values().forEach(part -> sums.add(SquaredGradients.in(part, task, linears())));
          return sums.artifact(linears()).with(ITEMS, documents.size());
        });
  }

  /** A shard of {@link #LAMBDA}. */
  public Artifact lambda(Artifact input, ShardContext context) {
    List<Optional<Eigenbasis>> bases = bases(context);
    SquaredGradients sums = SquaredGradients.none(task, linears());
    gradients.each(
        documents(input),
        task.labels(),
        rows -> {
          if (task.corrects()) {
            Eigenbasis basis = bases.get(rows.linear()).orElseThrow();
            addSquares(sums.corrected(), basis.rotated(rows, algebra));
          }
          if (task.squares()) {
            addSquares(sums.plain(), rows);
          }
        });
    return sums.artifact(linears());
  }

  private void addSquares(List<Matrix> sums, GradientRows rows) {
    for (int place = 0; place < rows.count(); place++) {
      FloatMatrices.addSquares(sums.get(rows.linear()), rows.gradient(place, algebra));
    }
  }

  private List<Optional<Eigenbasis>> bases(ShardContext context) {
    if (!task.rotates()) {
      return linears().stream().map(linear -> Optional.<Eigenbasis>empty()).toList();
    }
    Artifact bases = context.result(task.stage(BASES));
    return linears().stream().map(linear -> Optional.of(Eigenbasis.in(bases, linear))).toList();
  }

  /** What all stages found, for each linear, without the second moments; kept once read. */
  public List<Factors> fitted(ShardContext context) {
    if (fitted.isEmpty()) {
      fitted = Optional.of(read(context));
    }
    return fitted.get();
  }

  private List<Factors> read(ShardContext context) {
    List<Optional<Eigenbasis>> bases = bases(context);
    SquaredGradients squares = new SquaredGradients(List.of(), List.of());
    long items = documents.size();
    if (task.corrects() || task.squares()) {
      Artifact kept = context.result(task.stage(SQUARES));
      squares = SquaredGradients.in(kept, task, linears());
      items = kept.integers(ITEMS)[0];
    }
    return factors(bases, squares, items);
  }

  private List<Factors> factors(
      List<Optional<Eigenbasis>> bases, SquaredGradients squares, long items) {
    return IntStream.range(0, linears().size())
        .mapToObj(
            i ->
                new Factors(
                    linears().get(i),
                    Optional.empty(),
                    bases.get(i),
                    at(squares.corrected(), i),
                    at(squares.plain(), i),
                    items))
        .toList();
  }

  private static <T> Optional<T> at(List<T> list, int index) {
    return list.isEmpty() ? Optional.empty() : Optional.of(list.get(index));
  }
}
