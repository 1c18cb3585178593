package dev.sonde.probe.stepimportance.report;

import dev.sonde.api.config.Config;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;

/** Which options of a run are not those of the paper, so that a reader need not know them all. */
public final class PaperOptions {
  private static final String SAME = "the same";

  /** The options that decide what is measured, with the paper's value and the authors' code's. */
  private static final List<Option> OPTIONS =
      List.of(
          Option.of("answer", "gold", SAME),
          Option.of("samples", "5", SAME),
          Option.of("temperature", "0.6", SAME),
          Option.of("top_p", "0.95", SAME),
          Option.of("tau", "0.8", SAME),
          Option.of("necessity", "0.8", SAME),
          Option.of("perplexity", "steps", "whole_text"),
          Option.of("reference", "chain", "after_shortcuts"),
          Option.of("shortcuts", "tested", SAME),
          Option.of("spare_answer_step", "false", "true"),
          Option.of("segmentation", "sentences", "authors"),
          Option.of("prefix", "first", SAME),
          Option.of("root", "last_step", "answer"),
          Option.of("queue", "mean_influence", SAME),
          Option.of(
              "thetas",
              "0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0",
              "0, 0.01, 0.05, 0.1 … 0.99"),
          Option.of("guard_before_root", "false", "true"),
          Option.of("orders", "3", SAME),
          Option.of("drop_unremovable", "true", SAME),
          Option.of("shortest_labelled", "1", "10"),
          Option.of("longest_labelled", "200", SAME),
          Option.of("probe", "layerwise_mlp", SAME),
          Option.of("position", "mean", SAME),
          Option.of("hidden", "128", SAME),
          Option.of("epochs", "30", SAME));

  private final Config config;
  private final String labels;
  private final boolean predicts;

  /**
   * The options of a run.
   *
   * @param labels the variant whose labels are learnt
   * @param predicts whether anything is learnt
   */
  public PaperOptions(Config config, String labels, boolean predicts) {
    this.config = config;
    this.labels = labels;
    this.predicts = predicts;
  }

  private record Option(String key, String paper, String code) {
    static Option of(String key, String paper, String code) {
      return new Option(key, paper, code);
    }
  }

  /** Adds the table, or says that there is nothing for it. */
  public void report(Report report) {
    List<List<Object>> rows = rows();
    if (rows.isEmpty()) {
      report.note("All options are the paper's.");
      return;
    }
    report.table(
        Table.of(
            "options",
            "Options that are not the paper's",
            List.of("option", "here", "in the paper", "in the authors' code"),
            rows));
  }

  List<List<Object>> rows() {
    List<List<Object>> rows = new ArrayList<>();
    for (Option option : OPTIONS) {
      String here = here(option.key());
      if (!here.equals(option.paper())) {
        rows.add(List.of(option.key(), here, option.paper(), option.code()));
      }
    }
    if (predicts && !labels.equals("activation")) {
      rows.add(List.of("labels_of", labels, "activation", SAME));
    }
    return rows;
  }

  /** A setting as it would be written. */
  private String here(String key) {
    return switch (key) {
      case "thetas" ->
          String.join(", ", config.reals(key).stream().map(theta -> "" + theta).toList());
      case "temperature", "top_p", "tau", "necessity" -> "" + config.real(key);
      case "spare_answer_step", "guard_before_root", "drop_unremovable" -> "" + config.flag(key);
      case "samples", "orders", "shortest_labelled", "longest_labelled", "hidden", "epochs" ->
          "" + config.integer(key);
      default -> config.string(key);
    };
  }
}
