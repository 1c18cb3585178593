package dev.sonde.probe.linear.answers;

import dev.sonde.answers.Answer;
import dev.sonde.answers.Outcome;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.trials.AnswerOptions;
import dev.sonde.trials.ArtifactJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Has the model answer the rows' prompts, judges what it answers, and makes columns of that which
 * later probes can ask about: the labels are then what the model does.
 */
final class AnswersProbe implements Probe {
  private static final String STAGE = "answers";
  private static final int VERSION = 1;

  private final AskedFor asked;
  private final AnswerShards shards;

  AnswersProbe(AskedFor asked) {
    this.asked = asked;
    this.shards = new AnswerShards(asked);
  }

  @Override
  public Needs needs(Inputs inputs) {
    Model model = inputs.model();
    if (asked.choices().isEmpty() && !model.capabilities().generates()) {
      throw new UnsupportedCapabilityException(
          "the backend does not generate answers; take another one (--backend), or name choices");
    }
    if (asked.choices().isPresent() && !model.capabilities().supports(HookPoint.LOG_PROB)) {
      throw new UnsupportedCapabilityException(
          "the backend gives no log-probabilities, by which options are chosen; take another one (--backend)");
    }
    List<Study> studies = studies(inputs);
    long tokens = 0;
    long rows = 0;
    for (Study study : studies) {
      rows += study.size();
      for (Example example : study.examples()) {
        asked.column().ifPresent(example::texts);
        tokens += tokens(model, example);
      }
    }
    return Needs.none().runs(tokens).remark(work(rows)).makes(columns().keySet().stream().toList());
  }

  private long tokens(Model model, Example example) {
    if (asked.choices().isPresent()) {
      return AnswerOptions.of(example, asked.choices().get(), asked.column().orElseThrow())
          .sequences(model.tokenizer(), example)
          .stream()
          .mapToLong(Sequence::length)
          .sum();
    }
    int[] prompt = shards.prompt(model, example);
    return prompt.length + (long) asked.samples() * shards.most(model, prompt);
  }

  private String work(long rows) {
    return asked.choices().isPresent()
        ? "The model chooses among the options of %d rows; nothing is generated.".formatted(rows)
        : "The model writes %d answers: %d rows, %d each%s, at most %d tokens."
            .formatted(
                rows * asked.samples(),
                rows,
                asked.samples(),
                asked.way().isGreedy()
                    ? ", greedily"
                    : ", at temperature %s".formatted(asked.way().temperature()),
                asked.tokens());
  }

  private List<Study> studies(Inputs inputs) {
    return Stream.concat(
            Stream.of(inputs.study()), asked.sets().stream().distinct().map(inputs::study))
        .toList();
  }

  /** The columns that are made, in order. */
  private SequencedMap<String, Function<RowAnswers, Object>> columns() {
    SequencedMap<String, Function<RowAnswers, Object>> columns = new LinkedHashMap<>();
    if (asked.column().isPresent()) {
      columns.put("correct", row -> row.right() ? "right" : "wrong");
      columns.put("outcome", row -> word(row.outcome().orElse(Outcome.UNPARSED)));
    }
    if (asked.samples() > 1) {
      if (asked.column().isPresent()) {
        columns.put("share_correct", RowAnswers::shareCorrect);
      }
      columns.put("agreement", RowAnswers::agreement);
    }
    columns.put("log_prob", RowAnswers::logProbability);
    columns.put("answer", row -> row.own().map(Answer::toString).orElse(""));
    return columns;
  }

  /** An outcome as files and reports call it. */
  static String word(Outcome outcome) {
    return outcome == Outcome.UNPARSED ? "unread" : outcome.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Artifact shard(String stage, Artifact input, ShardContext context) {
    return shards.compute(input, context);
  }

  @Override
  public void run(ProbeContext context) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    List<Study> studies = studies(context);
    studies.forEach(study -> inputs.putAll(shards.inputs(study)));
    SequencedMap<String, Artifact> results = context.shards(STAGE, VERSION, inputs);
    AnswersReport report = new AnswersReport(context, asked);
    StringBuilder lines = new StringBuilder();
    for (Study study : studies) {
      List<RowAnswers> answers = new ArrayList<>();
      for (int from = 0; from < study.size(); from += AnswerShards.ROWS) {
        int to = Math.min(from + AnswerShards.ROWS, study.size());
        Artifact result = results.get("%s-%06d".formatted(study.name(), from));
        if (result == null) {
          throw new InvalidInputException("the answers from row %d on are missing".formatted(from));
        }
        answers.addAll(shards.read(result, study.examples().subList(from, to), context.model()));
      }
      lines.append(lines(study, answers));
      report.report(study, answers);
      SequencedMap<String, List<Object>> values = new LinkedHashMap<>();
      columns().forEach((name, value) -> values.put(name, answers.stream().map(value).toList()));
      context.saveColumns(study, values);
    }
    context.saveText(STAGE, "jsonl", lines.toString());
  }

  /** A line of JSON an answer. */
  private static String lines(Study study, List<RowAnswers> answers) {
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < answers.size(); row++) {
      List<RowAnswers.Sample> samples = answers.get(row).samples();
      for (int sample = 0; sample < samples.size(); sample++) {
        RowAnswers.Sample each = samples.get(sample);
        Map<String, String> line = new LinkedHashMap<>();
        line.put("set", ArtifactJson.text(study.name()));
        line.put("id", ArtifactJson.text(study.examples().get(row).id()));
        line.put("sample", String.valueOf(sample));
        line.put("text", ArtifactJson.text(each.text()));
        line.put("answer", each.answer().map(a -> ArtifactJson.text(a.toString())).orElse("null"));
        Optional<String> outcome = each.outcome().map(AnswersProbe::word);
        outcome.ifPresent(word -> line.put("outcome", ArtifactJson.text(word)));
        line.put("log_prob", ArtifactJson.number(each.logProbability()));
        lines.append(ArtifactJson.object(line)).append('\n');
      }
    }
    return lines.toString();
  }
}
