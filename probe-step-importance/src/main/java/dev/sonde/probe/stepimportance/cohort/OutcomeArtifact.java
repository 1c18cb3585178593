package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.answer.TestedSubsequence;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.StepScores;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import dev.sonde.probe.stepimportance.search.Shortcut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The outcomes of a cohort as named texts, integers and tensors: what a shard of the search gives.
 * The names of a row's parts begin with its index in the study, those of a core with its place
 * among the row's variants too: {@code 7.steps}, {@code 7.0.core}.
 */
public final class OutcomeArtifact {
  /** The version of the layout. */
  public static final int VERSION = 3;

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
        .left()
        .map(left -> own.with(of(row, left)))
        .or(() -> outcome.found().value().map(result -> own.with(of(row, result))))
        .orElse(own);
  }

  private static Artifact of(String row, LeftOut left) {
    return Artifact.empty()
        .with(row + "skipped", left.reason().name())
        .with(row + "measured", left.measured())
        .with(row + "answers", left.answers().stream().mapToLong(String::length).toArray())
        .with(row + "answered", String.join("", left.answers()));
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
            .with(
                row + "shortcuts",
                String.join(
                    "\n",
                    result.shortcuts().stream()
                        .map(each -> each.step() + " " + each.why().name())
                        .toList()))
            .with(row + "prefix", longs(result.prefix().steps()))
            .with(
                row + "tested",
                result.tested().stream()
                    .flatMapToLong(
                        each ->
                            LongStream.concat(
                                LongStream.of(each.right(), each.mask().size()),
                                LongStream.of(longs(each.mask().steps()))))
                    .toArray())
            .with(
                row + "perplexities",
                Matrix.of(
                    Matrix.Type.FLOAT64,
                    new double[][] {
                      result.tested().stream().mapToDouble(TestedSubsequence::perplexity).toArray()
                    }))
            .with(row + "inverted", result.inverted() ? 1 : 0)
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
    SearchResult.Trials trials = found.trials();
    Artifact tested =
        Artifact.empty()
            .with(core + "theta", number(found.theta()))
            .with(core + "start", longs(found.start().steps()))
            .with(core + "orders", found.found().size())
            .with(core + "trials", trials.unattainable(), trials.insufficient(), trials.passed())
            .with(core + "passes", found.passes() ? 1 : 0)
            .with(core + "right", found.tested().right())
            .with(core + "samples", found.tested().samples())
            .with(core + "attainability", number(found.tested().attainability()))
            .with(core + "scores", String.join("\n", found.scores().byName().keySet()));
    for (int order = 0; order < found.found().size(); order++) {
      tested = tested.with(core + "core." + order, longs(found.found().get(order).steps()));
    }
    for (Map.Entry<String, double[]> measure : found.scores().byName().entrySet()) {
      Matrix values = Matrix.of(Matrix.Type.FLOAT64, new double[][] {measure.getValue()});
      tested = tested.with(core + "scores." + measure.getKey(), values);
    }
    Artifact own = tested;
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
            ? OrSkipped.skipped(left(row))
            : OrSkipped.of(result(row));
    return new RowOutcome(index, found, artifact.text(row + "answer"));
  }

  private SearchResult result(String row) {
    List<SearchResult.Core> cores = new ArrayList<>();
    for (String variant : artifact.text(row + "variants").lines().toList()) {
      cores.add(core(SearchVariant.named(variant), row + cores.size() + "."));
    }
    List<Shortcut> shortcuts = new ArrayList<>();
    for (String line : artifact.text(row + "shortcuts").lines().toList()) {
      int space = line.indexOf(' ');
      shortcuts.add(
          new Shortcut(
              Integer.parseInt(line.substring(0, space)),
              Shortcut.Why.valueOf(line.substring(space + 1))));
    }
    return new SearchResult(
        chain(row),
        shortcuts,
        mask(row + "prefix"),
        cores,
        tested(row),
        integer(row + "inverted") == 1);
  }

  private List<TestedSubsequence> tested(String row) {
    int[] numbers = ints(row + "tested");
    Matrix perplexities = artifact.tensor(row + "perplexities");
    List<TestedSubsequence> tested = new ArrayList<>();
    int at = 0;
    while (at < numbers.length) {
      int from = at + 2;
      int to = from + numbers[at + 1];
      tested.add(
          new TestedSubsequence(
              Mask.of(Arrays.copyOfRange(numbers, from, to)),
              numbers[at],
              perplexities.get(0, tested.size())));
      at = to;
    }
    return tested;
  }

  private LeftOut left(String row) {
    String all = artifact.text(row + "answered");
    List<String> answers = new ArrayList<>();
    int from = 0;
    for (int length : ints(row + "answers")) {
      answers.add(all.substring(from, from + length));
      from += length;
    }
    return new LeftOut(
        SkipReason.valueOf(artifact.text(row + "skipped")),
        artifact.text(row + "measured"),
        answers);
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
    int[] trials = ints(core + "trials");
    return new SearchResult.Core(
        variant,
        artifact.tensor(core + "theta").get(0, 0),
        mask(core + "start"),
        IntStream.range(0, integer(core + "orders"))
            .mapToObj(order -> mask(core + "core." + order))
            .toList(),
        tested,
        integer(core + "passes") == 1,
        new SearchResult.Trials(trials[0], trials[1], trials[2]),
        influence(core + "influence"),
        scores(core + "scores"));
  }

  private StepScores scores(String name) {
    SequencedMap<String, double[]> scores = new LinkedHashMap<>();
    artifact
        .text(name)
        .lines()
        .forEach(each -> scores.put(each, artifact.tensor(name + "." + each).row(0)));
    return new StepScores(scores);
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
