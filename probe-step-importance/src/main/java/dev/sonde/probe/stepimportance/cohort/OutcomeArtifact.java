package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The outcomes of a cohort as named texts, integers and tensors: what a shard of the search gives.
 * The names of a row's parts begin with its index in the study, those of a core with its place
 * among the row's variants too: {@code 7.steps}, {@code 7.0.core}.
 */
public final class OutcomeArtifact {
  /** The version of the layout. */
  public static final int VERSION = 1;

  private static final String ROWS = "rows";

  /** Per step: characters of its text, its first token, the token after its last. */
  private static final int NUMBERS_PER_STEP = 3;

  private final Artifact artifact;

  private OutcomeArtifact(Artifact artifact) {
    this.artifact = artifact;
  }

  /** An artifact that holds outcomes. */
  public static Artifact of(List<RowOutcome> outcomes) {
    Artifact all =
        Artifact.empty().with(ROWS, outcomes.stream().mapToLong(RowOutcome::row).toArray());
    for (RowOutcome outcome : outcomes) {
      all = all.with(of(outcome));
    }
    return all;
  }

  private static Artifact of(RowOutcome outcome) {
    String row = outcome.row() + ".";
    Artifact own = Artifact.empty().with(row + "answer", outcome.answer());
    return outcome
        .found()
        .reason()
        .map(reason -> own.with(row + "skipped", reason.name()))
        .or(() -> outcome.found().value().map(result -> own.with(of(row, result))))
        .orElse(own);
  }

  private static Artifact of(String row, SearchResult result) {
    Chain chain = result.chain();
    Artifact own =
        Artifact.empty()
            .with(row + "id", chain.id())
            .with(row + "group", chain.group())
            .with(row + "prompt", chain.prompt())
            .with(row + "chain", chain.text())
            .with(row + "prompt_tokens", chain.promptTokens())
            .with(row + "tokens", longs(chain.tokens()))
            .with(
                row + "steps",
                chain.steps().stream()
                    .flatMapToLong(
                        s -> LongStream.of(s.text().length(), s.fromToken(), s.toToken()))
                    .toArray())
            .with(row + "remaining", longs(result.remaining().steps()))
            .with(row + "prefix", longs(result.prefix().steps()))
            .with(row + "tests", result.tests())
            .with(
                row + "variants",
                String.join(
                    "\n", result.cores().stream().map(core -> core.variant().toString()).toList()));
    for (int i = 0; i < result.cores().size(); i++) {
      own = own.with(of(row + i + ".", result.cores().get(i)));
    }
    return own;
  }

  private static Artifact of(String core, SearchResult.Core found) {
    Artifact own =
        Artifact.empty()
            .with(core + "theta", number(found.theta()))
            .with(core + "start", longs(found.start().steps()))
            .with(core + "core", longs(found.core().steps()))
            .with(core + "right", found.tested().right())
            .with(core + "samples", found.tested().samples())
            .with(core + "attainability", number(found.tested().attainability()));
    return found
        .influence()
        .map(
            influence ->
                own.with(core + "influence_steps", longs(influence.steps()))
                    .with(core + "influence", Matrix.of(Matrix.Type.FLOAT64, influence.cells())))
        .orElse(own);
  }

  private static Matrix number(double value) {
    return Matrix.of(Matrix.Type.FLOAT64, new double[][] {{value}});
  }

  private static long[] longs(int... values) {
    return IntStream.of(values).asLongStream().toArray();
  }

  /** The outcomes that an artifact holds, in their order. */
  public static List<RowOutcome> read(Artifact artifact) {
    OutcomeArtifact written = new OutcomeArtifact(artifact);
    return LongStream.of(artifact.integers(ROWS))
        .mapToObj(row -> written.outcome(Math.toIntExact(row)))
        .toList();
  }

  private RowOutcome outcome(int index) {
    String row = index + ".";
    OrSkipped<SearchResult> found =
        artifact.texts().containsKey(row + "skipped")
            ? OrSkipped.skipped(SkipReason.valueOf(artifact.text(row + "skipped")))
            : OrSkipped.of(result(row));
    return new RowOutcome(index, found, artifact.text(row + "answer"));
  }

  private SearchResult result(String row) {
    List<SearchResult.Core> cores = new ArrayList<>();
    for (String variant : artifact.text(row + "variants").lines().toList()) {
      cores.add(core(SearchVariant.named(variant), row + cores.size() + "."));
    }
    return new SearchResult(
        chain(row), mask(row + "remaining"), mask(row + "prefix"), cores, integer(row + "tests"));
  }

  private Chain chain(String row) {
    String text = artifact.text(row + "chain");
    int[] numbers = ints(row + "steps");
    List<Step> steps = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < numbers.length; at += NUMBERS_PER_STEP) {
      int to = from + numbers[at];
      steps.add(new Step(text.substring(from, to), numbers[at + 1], numbers[at + 2]));
      from = to;
    }
    return new Chain(
        artifact.text(row + "id"),
        artifact.text(row + "group"),
        artifact.text(row + "prompt"),
        integer(row + "prompt_tokens"),
        ints(row + "tokens"),
        steps);
  }

  private SearchResult.Core core(SearchVariant variant, String core) {
    TestResult tested =
        new TestResult(
            integer(core + "right"),
            integer(core + "samples"),
            artifact.tensor(core + "attainability").get(0, 0));
    return new SearchResult.Core(
        variant,
        artifact.tensor(core + "theta").get(0, 0),
        mask(core + "start"),
        mask(core + "core"),
        tested,
        influence(core + "influence"));
  }

  private Optional<InfluenceMatrix> influence(String name) {
    if (!artifact.tensors().containsKey(name)) {
      return Optional.empty();
    }
    Matrix tensor = artifact.tensor(name);
    double[][] cells =
        IntStream.range(0, tensor.rows()).mapToObj(tensor::row).toArray(double[][]::new);
    return Optional.of(new InfluenceMatrix(cells, ints(name + "_steps")));
  }

  private Mask mask(String name) {
    return Mask.of(ints(name));
  }

  private int integer(String name) {
    return ints(name)[0];
  }

  private int[] ints(String name) {
    return LongStream.of(artifact.integers(name)).mapToInt(Math::toIntExact).toArray();
  }
}
