package dev.sonde.engine.experiment;

import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import java.util.List;

/** The settings of an experiment file, part by part. */
public final class ExperimentSettings {
  static final Settings ROOT =
      Settings.none()
          .required("sonde", Setting.Type.INTEGER, "format version, 1")
          .string("name", "experiment", "names the run and its folder")
          .integer("seed", 17, "every random number of the run derives from it")
          .required("model", Setting.Type.TREE, "the model, see model.ref")
          .required("data", Setting.Type.TREE, "the data set, see data.path")
          .optional("models", Setting.Type.TREE, "further models by name, each like model")
          .optional("sets", Setting.Type.TREE, "further data sets by name, each like data")
          .required("probes", Setting.Type.TREE, "a list of probes, each with name, use, with")
          .optional("decoders", Setting.Type.TREE, "settings of decoders by their names in probes")
          .optional("evaluation", Setting.Type.TREE, "how evaluation is done");

  /** The settings of {@code model:}. */
  public static final Settings MODEL =
      Settings.none()
          .required(
              "ref",
              Setting.Type.STRING,
              "a Hugging Face folder, a .gguf file, or hf:org/name[@revision] on the hub")
          .string("backend", "pytorch", "a backend's short name, or plugin/name")
          .choice(
              "dtype",
              List.of("float32", "bfloat16", Experiment.AUTO),
              "float32",
              "number type of the computation")
          .optional("with", Setting.Type.TREE, "settings of the backend itself");

  /** The settings of {@code data:}. */
  public static final Settings DATA =
      Settings.none()
          .required(
              "path",
              Setting.Type.STRING,
              "a JSONL, CSV or Parquet file, or hf:datasets/org/name[@revision] on the hub")
          .optional("text", Setting.Type.STRING, "the column that is fed verbatim")
          .optional(
              "template",
              Setting.Type.STRING,
              "instead of text: columns in braces, '{question}'; '{{' and '}}' for braces")
          .optional(
              "messages",
              Setting.Type.STRING,
              "instead of text: the column with a list of messages for the model's chat template")
          .flag(
              "generation_prompt",
              true,
              "whether rendered messages end where the model's answer begins")
          .optional(
              "chat_template_kwargs",
              Setting.Type.TREE,
              "variables that the chat template reads beside the messages: enable_thinking, tools,"
                  + " documents, date_string, …")
          .optional(
              "where",
              Setting.Type.TREE,
              "which rows are used: columns with a value, a list of values, or a comparison such as"
                  + " '>= 3' or '!= en'")
          .optional(
              "pairs",
              Setting.Type.STRINGS,
              "instead of text and label: the two columns with the texts of a contrast pair, the"
                  + " positive one first")
          .optional("label", Setting.Type.STRING, "the column with the label")
          .optional(
              "positive",
              Setting.Type.STRINGS,
              "the labels that count as positive; of two numbers the larger one")
          .optional(
              "negative",
              Setting.Type.STRINGS,
              "the labels that count as negative, or rest for all others; rows with neither are left"
                  + " out")
          .optional(
              "cut",
              Setting.Type.REAL,
              "where graded labels are parted if classes are needed; default: their mean")
          .optional(
              "class",
              Setting.Type.STRING,
              "of a further set, instead of label: the label that all its rows have")
          .optional("group", Setting.Type.STRING, "the column whose values must not be split")
          .optional("split", Setting.Type.STRING, "a column that says train or test")
          .strings(
              "splits",
              List.of("grouped"),
              "grouped; rowwise adds the leaky one; leave_one_group_out")
          .optional("limit", Setting.Type.INTEGER, "only the first rows by id")
          .choice(
              "truncation_side",
              List.of("none", "left", "right"),
              "none",
              "prompts longer than the model's context: none refuses them, left cuts off their"
                  + " beginning, right their end")
          .strings(
              "confounds",
              List.of("length", "digits"),
              "columns, or length or digits, whose effect is taken out for auroc.residualised");

  static final Settings PROBE =
      Settings.none()
          .required("use", Setting.Type.STRING, "a probe's short name, or plugin/name")
          .optional("name", Setting.Type.STRING, "its name in the report; default: its short name")
          .optional("with", Setting.Type.TREE, "the probe's settings")
          .optional(
              "data",
              Setting.Type.TREE,
              "labels of its own in place of the data's: label, positive, negative, cut");

  /** The settings of a probe's own {@code data:}. */
  static final Settings PROBE_DATA =
      Settings.none()
          .required("label", Setting.Type.STRING, "the column with the label")
          .optional("positive", Setting.Type.STRINGS, "the labels that count as positive")
          .optional("negative", Setting.Type.STRINGS, "the labels that count as negative, or rest")
          .optional("cut", Setting.Type.REAL, "where graded labels are parted");

  /** The settings of {@code evaluation:}. */
  public static final Settings EVALUATION =
      Settings.none()
          .integer("folds", 5, "outer folds of the cross-validation")
          .integer("inner_folds", 4, "inner folds, on which layer and decoder are selected")
          .integer("permutations", 999, "labelings drawn for p, for closed-form decoders")
          .integer("refits", 0, "fits that may be spent on p for each other decoder")
          .integer("bootstrap", 1000, "draws of groups behind the 95 % intervals of probes")
          .integer("control_tasks", 5, "random labelings of the groups for selectivity")
          .flag("random_init", true, "whether a model with fresh weights is evaluated beside it")
          .strings(
              "erase",
              Experiment.ErasePart.NONE.methods(),
              "erase the label and look again: leace, inlp, mean_projection")
          .integer(
              "erase_rounds",
              Experiment.ErasePart.NONE.rounds(),
              "directions that inlp projects out at most")
          .real(
              "erase_shrinkage",
              Experiment.ErasePart.NONE.shrinkage(),
              "added to the covariance that leace inverts, as a share of the mean variance")
          .real(
              "erase_left",
              Experiment.ErasePart.NONE.left(),
              "how far from one half the AUROC may lie, with its interval, for the label to be"
                  + " gone; of graded labels twice as far from 0");

  private ExperimentSettings() {}
}
