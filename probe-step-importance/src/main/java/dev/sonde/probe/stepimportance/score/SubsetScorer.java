package dev.sonde.probe.stepimportance.score;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.stepimportance.answer.AnswerTester;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.Elicitation;
import dev.sonde.probe.stepimportance.answer.TestedMasks;
import dev.sonde.probe.stepimportance.answer.Trial;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.ChainReader;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Scores the subsets of some rows, all of them in one request of each kind. */
final class SubsetScorer {
  private final Config config;
  private final ShardContext context;
  private final ChainReader reader;
  private final Elicitation elicitation;
  private final AnswerTester tester;
  private final Subsets subsets;

  SubsetScorer(
      Config config,
      ShardContext context,
      ChainReader reader,
      Elicitation elicitation,
      AnswerTester tester) {
    this.config = config;
    this.context = context;
    this.reader = reader;
    this.elicitation = elicitation;
    this.tester = tester;
    this.subsets = Subsets.of(config);
  }

  /** A chain whose subsets are scored. */
  private record Asked(
      int row, ChainUnderTest chain, List<Mask> masks, List<List<Integer>> orders) {}

  Artifact score(int from, int to) {
    List<Example> examples = context.study().examples().subList(from, to);
    List<OrSkipped<Chain>> chains =
        reader.read(examples, context.study().groups().subList(from, to));
    Artifact all = Artifact.empty();
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      int row = from + i;
      Example example = examples.get(i);
      OrSkipped<Asked> each = chains.get(i).flatMap(chain -> asked(row, example, chain));
      each.value().ifPresent(asked::add);
      Optional<LeftOut> left = each.left();
      all = left.isPresent() ? all.with(ScoredChain.leftOut(row, left.get())) : all;
    }
    List<Trial> trials = new ArrayList<>();
    List<Sequence> formed = new ArrayList<>();
    boolean samples = config.integer("samples") > 0;
    for (Asked each : asked) {
      for (Mask mask : each.masks()) {
        trials.add(new Trial(each.chain(), mask, Trial.Measure.PERPLEXITY));
        if (samples) {
          trials.add(new Trial(each.chain(), mask, Trial.Measure.ANSWERS));
        }
        formed.add(formed(each.chain(), mask));
      }
    }
    tester.test(trials);
    double[] logs = tester.logProbabilities(formed);
    int next = 0;
    for (Asked each : asked) {
      TestedMasks tested = each.chain().tested();
      List<ScoredChain.Score> scores = new ArrayList<>();
      for (Mask mask : each.masks()) {
        double accuracy = samples ? tested.answers(mask).sufficiency() : Double.NaN;
        scores.add(new ScoredChain.Score(mask, logs[next++], accuracy, tested.perplexity(mask)));
      }
      Chain chain = each.chain().chain();
      List<String> texts = chain.steps().stream().map(step -> step.text()).toList();
      all =
          all.with(new ScoredChain(chain.id(), texts, scores, each.orders()).artifact(each.row()));
    }
    return all;
  }

  private OrSkipped<Asked> asked(int row, Example example, Chain chain) {
    String column = config.string("answer_column");
    String text = example.has(column) ? example.text(column).strip() : "";
    Optional<Answer> accepted = AnswerParser.named(config.string("parser")).read(text);
    if (accepted.isEmpty()) {
      String measured = "column '%s' holds '%s'".formatted(column, text);
      return OrSkipped.skipped(LeftOut.of(SkipReason.NO_ANSWER, measured));
    }
    long seed = context.random("samples/" + chain.id()).nextLong();
    ChainUnderTest tested =
        new ChainUnderTest(chain, accepted.get(), elicitation.endings(text), seed);
    if (tested.longestTest() > context.model().capabilities().longestContext()) {
      return OrSkipped.skipped(SkipReason.TOO_LONG);
    }
    List<List<Integer>> orders =
        subsets.orders(chain.size(), context.random("orders/" + chain.id()));
    return OrSkipped.of(
        new Asked(row, tested, subsets.of(example, chain.size(), orders, config), orders));
  }

  /** Prompt, kept steps, elicitation and answer, of which the answer is scored. */
  private static Sequence formed(ChainUnderTest chain, Mask mask) {
    boolean none = mask.size() == 0;
    int[] asking = none ? chain.endings().empty() : chain.endings().elicitation();
    int[] ending = none ? chain.endings().direct() : chain.endings().formed();
    int[] tokens = chain.chain().sequence(mask, ending);
    int same = Arrays.mismatch(asking, 0, asking.length, ending, 0, ending.length);
    int begins = same < 0 ? asking.length : Math.min(same, ending.length - 1);
    return Sequence.of(tokens).scoreFrom(tokens.length - ending.length + begins);
  }
}
