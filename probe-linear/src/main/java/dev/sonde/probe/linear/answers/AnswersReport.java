package dev.sonde.probe.linear.answers;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is reported of a model's answers: how many are right, and how they look. */
final class AnswersReport {
  /** Answers that the table shows. */
  private static final int SHOWN = 12;

  /** A share of unread answers that says more of the settings than of the model. */
  private static final double MANY_UNREAD = 0.2;

  private final ProbeContext context;
  private final AskedFor asked;

  AnswersReport(ProbeContext context, AskedFor asked) {
    this.context = context;
    this.asked = asked;
    context
        .report()
        .question(
            asked.column().isPresent()
                ? "How often is the model's own answer right?"
                : "How far do the model's answers agree?");
  }

  /** Reports the answers of a data set. */
  void report(Study study, List<RowAnswers> answers) {
    ClusterBootstrap groups =
        new ClusterBootstrap(
            Groups.of(study.groups()),
            context.bootstrapDraws(),
            context.random("groups of " + study.name()));
    if (asked.column().isPresent()) {
      mean("accuracy", study, answers, groups, row -> row.right() ? 1 : 0);
      count("right", study, answers.stream().filter(RowAnswers::right).count());
      count("wrong", study, answers.stream().filter(row -> !row.right()).count());
      if (asked.samples() > 1) {
        mean("share_correct", study, answers, groups, RowAnswers::shareCorrect);
      }
    }
    count("unread", study, answers.stream().filter(RowAnswers::unread).count());
    if (asked.samples() > 1) {
      mean("agreement", study, answers, groups, RowAnswers::agreement);
    }
    mean("log_prob", study, answers, groups, RowAnswers::logProbability);
    said(study, answers);
    context.report().table(table(study, answers));
    unread(study, answers);
    alike(study, answers);
  }

  /** The counts in a sentence. */
  private void said(Study study, List<RowAnswers> answers) {
    long right = answers.stream().filter(RowAnswers::right).count();
    long unread = answers.stream().filter(RowAnswers::unread).count();
    context
        .report()
        .note(
            "%s%s to %d rows of %s%s; %s."
                .formatted(
                    asked.samples() > 1
                        ? "Of %d samples each, the answers that most give"
                            .formatted(asked.samples())
                        : "The model's answers",
                    asked.choices().isPresent() ? ", chosen among options," : "",
                    answers.size(),
                    study.name(),
                    asked.column().isPresent()
                        ? ": %d right, %d wrong".formatted(right, answers.size() - right)
                        : "",
                    unread == 0
                        ? "all could be read"
                        : "%d could not be read%s"
                            .formatted(
                                unread, asked.column().isPresent() ? ", which is wrong" : "")));
  }

  private void mean(
      String name,
      Study study,
      List<RowAnswers> answers,
      ClusterBootstrap groups,
      ToDoubleFunction<RowAnswers> value) {
    Estimate estimate = groups.mean(answers.stream().mapToDouble(value).toArray());
    context
        .report()
        .metric(
            metric(name, study, estimate.value())
                .interval(estimate.low(), estimate.high())
                .n(answers.size()));
  }

  private void count(String name, Study study, long rows) {
    context.report().metric(metric(name, study, (double) rows).n(study.size()).unit("rows"));
  }

  private Metric metric(String name, Study study, double value) {
    Metric metric = Metric.of("answers." + name, value);
    return study.name().equals(context.study().name()) ? metric : metric.where("set", study.name());
  }

  private Table table(Study study, List<RowAnswers> answers) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < Math.min(SHOWN, answers.size()); row++) {
      RowAnswers each = answers.get(row);
      Example example = study.examples().get(row);
      rows.add(
          List.of(
              example.id(),
              each.samples().getFirst().text().strip(),
              each.own().map(Object::toString).orElse("–"),
              asked.column().map(column -> String.join(" | ", example.texts(column))).orElse("–"),
              each.outcome().map(AnswersProbe::word).orElse("–")));
    }
    return Table.of(
        "answers_" + study.name(),
        "The first answers to %s".formatted(study.name()),
        List.of("row", asked.samples() > 1 ? "first sample" : "text", "answer", "accepted", "is"),
        rows);
  }

  private void unread(Study study, List<RowAnswers> answers) {
    long unread = answers.stream().filter(RowAnswers::unread).count();
    if (unread > MANY_UNREAD * answers.size()) {
      String first =
          answers.stream()
              .filter(RowAnswers::unread)
              .map(row -> row.samples().getFirst().text().strip())
              .findFirst()
              .orElse("");
      context
          .report()
          .note(
              "No answer could be read in %d of %d rows of %s, which count as wrong: that tells of the settings parser, tokens and stops more than of the model. The first of them: '%s'."
                  .formatted(unread, answers.size(), study.name(), first));
    }
  }

  /** Says what to do where the answers give no two classes. */
  private void alike(Study study, List<RowAnswers> answers) {
    long right = answers.stream().filter(RowAnswers::right).count();
    if (asked.column().isEmpty() || (right > 0 && right < answers.size())) {
      return;
    }
    context
        .report()
        .note(
            "All %d answers to %s are %s, so that 'correct' tells no rows apart and no probe can be asked about it. Take %s questions, %s, or draw several answers (samples, temperature) and ask about share_correct or agreement."
                .formatted(
                    answers.size(),
                    study.name(),
                    right > 0 ? "right" : "wrong",
                    right > 0 ? "harder" : "easier",
                    right > 0
                        ? "leave the model less room to think (tokens, elicitation)"
                        : "check that answers are read as they are meant (answer, parser, tokens, stops)"));
  }
}
