package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.stepimportance.answer.TestResult;
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
import java.util.LinkedHashMap;
import java.util.List;
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
  public static final int VERSION = 2;

  private static final String ROWS = "rows";

  /** Per step: characters of its text, its first token, the token after its last. */
  private static final int NUMBERS_PER_STEP = 3;

  private final Artifact artifact;

  private OutcomeArtifact(Artifact artifact) {
    this.artifact = artifact;
  }

  /** Adds outcomes to an artifact. */
  public static void write(List<RowOutcome> outcomes, Artifact.Builder into) {
    into.integers(ROWS, outcomes.stream().mapToLong(RowOutcome::row).toArray());
    for (RowOutcome outcome : outcomes) {
      String row = outcome.row() + ".";
      into.text(row + "answer", outcome.answer());
      outcome.found().left().ifPresent(left -> write(row, left, into));
      outcome.found().value().ifPresent(result -> write(row, result, into));
    }
  }

  private static void write(String row, LeftOut left, Artifact.Builder into) {
    into.text(row + "skipped", left.reason().name());
    into.text(row + "measured", left.measured());
    into.integers(row + "answers", left.answers().stream().mapToLong(String::length).toArray());
    into.text(row + "answered", String.join("", left.answers()));
  }

  private static void write(String row, SearchResult result, Artifact.Builder into) {
    Chain chain = result.chain();
    into.text(row + "id", chain.id());
    into.text(row + "group", chain.group());
    into.text(row + "prompt", chain.prompt());
    into.text(row + "chain", chain.text());
    into.integers(row + "prompt_tokens", chain.promptTokens());
    into.integers(row + "tokens", longs(chain.tokens()));
    into.integers(
        row + "steps",
        chain.steps().stream()
            .flatMapToLong(s -> LongStream.of(s.text().length(), s.fromToken(), s.toToken()))
            .toArray());
    into.integers(
        row + "shortcuts",
        result.shortcuts().stream()
            .flatMapToLong(each -> LongStream.of(each.step(), each.why().ordinal()))
            .toArray());
    into.integers(row + "prefix", longs(result.prefix().steps()));
    into.integers(row + "tests", result.tests());
    into.integers(row + "inverted", result.inverted() ? 1 : 0);
    into.text(
        row + "variants",
        String.join("\n", result.cores().stream().map(core -> core.variant().toString()).toList()));
    for (int i = 0; i < result.cores().size(); i++) {
      write(row + i + ".", result.cores().get(i), into);
    }
  }

  private static void write(String core, SearchResult.Core found, Artifact.Builder into) {
    into.tensor(core + "theta", number(found.theta()));
    into.integers(core + "start", longs(found.start().steps()));
    into.integers(core + "orders", found.found().size());
    for (int order = 0; order < found.found().size(); order++) {
      into.integers(core + "core." + order, longs(found.found().get(order).steps()));
    }
    SearchResult.Trials trials = found.trials();
    into.integers(
        core + "trials", trials.unattainable(), trials.insufficient(), trials.passed());
    into.text(core + "scores", String.join("\n", found.scores().byName().keySet()));
    found
        .scores()
        .byName()
        .forEach(
            (name, values) ->
                into.tensor(
                    core + "scores." + name,
                    Matrix.of(Matrix.Type.FLOAT64, new double[][] {values})));
    into.integers(core + "passes", found.passes() ? 1 : 0);
    into.integers(core + "right", found.tested().right());
    into.integers(core + "samples", found.tested().samples());
    into.tensor(core + "attainability", number(found.tested().attainability()));
    found
        .influence()
        .ifPresent(
            influence -> {
              into.integers(core + "influence_steps", longs(influence.steps()));
              into.tensor(core + "influence", Matrix.of(Matrix.Type.FLOAT64, influence.cells()));
            });
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
    int[] numbers = ints(row + "shortcuts");
    for (int at = 0; at < numbers.length; at += 2) {
      shortcuts.add(new Shortcut(numbers[at], Shortcut.Why.values()[numbers[at + 1]]));
    }
    return new SearchResult(
        chain(row),
        shortcuts,
        mask(row + "prefix"),
        cores,
        integer(row + "tests"),
        integer(row + "inverted") == 1);
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
