package dev.sonde.probe.influence;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** Makes {@link InfluenceProbe}. */
final class InfluenceProbeFactory implements ProbeFactory {
  @Override
  public String name() {
    return "influence";
  }

  @Override
  public String summary() {
    return "ranks training documents by how much they raise the likelihood of completions (EK-FAC)";
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .string(
            "documents",
            "documents",
            "the set of documents: its text is what the model was trained on")
        .string("queries", "queries", "the set of queries: its text is the prompt")
        .string(
            "completion",
            "completion",
            "the queries' column with the completion that is explained; it follows"
                + " the prompt verbatim, so a space between them must be part of one of"
                + " them")
        .strings(
            "keep",
            List.of(),
            "conditions column=value; a document is scored if each holds or it has no"
                + " such column")
        .optional(
            "loss_from",
            Setting.Type.STRING,
            "the documents' column with the first character that training counted in"
                + " the loss, in code points from 0; a document that has none was trained"
                + " on as a whole")
        .flag(
            "end_token", false, "whether the model's end token followed each document in training")
        .strings(
            "linears",
            List.of("mlp.*"),
            "linear layers within a block, by Hugging Face name; * matches anything")
        .optional(
            "blocks",
            Setting.Type.STRING,
            "the module that holds the blocks, such as transformer.h; found from the model where it"
                + " is not said")
        .strings("layers", List.of(), "blocks that are used, counted from 0; none for all")
        .choice(
            "labels",
            List.of("sampled", "data"),
            "sampled",
            "the labels that curvature is fitted on: drawn by the model (true Fisher)"
                + " or the data's (empirical Fisher)")
        .strings(
            "strategies",
            List.of("ekfac"),
            "identity, diagonal, kfac, ekfac, ekfac_cg (ekfac refined by conjugate gradients on"
                + " the Fisher matrix of the documents); the first is reported, the others are"
                + " compared with it")
        .reals(
            "damping",
            List.of(0.1),
            "damping, as a multiple of each linear layer's mean eigenvalue; the first"
                + " is reported, the others are compared with it")
        .integer("fit", 100_000, "maximum number of documents that curvature is fitted on")
        .choice(
            "normalise",
            List.of("none", "grad_norm", "cosine", "per_token"),
            "grad_norm",
            "what reported scores are divided by: nothing, the norm of the document's"
                + " gradient, that norm and the query's, or the tokens that the document is"
                + " trained on; all are compared")
        .integer(
            "cg_iterations",
            10,
            "with ekfac_cg: products with the Fisher matrix at most, each a pass over the"
                + " documents that curvature is fitted on")
        .real(
            "cg_tolerance",
            0.05,
            "with ekfac_cg: length of the residual, over that of the query's gradient, at which a"
                + " query is solved")
        .integer(
            "query_rank", 0, "rank to which queries' gradients are reduced; 0 keeps them whole")
        .integer(
            "resamples",
            0,
            "how often curvature is fitted again on newly sampled labels, to see how"
                + " stable the rankings are")
        .flag("bm25", true, "whether documents are also ranked by their words (BM25)")
        .integer("top", 100, "documents kept from each query's ranking")
        .integer("show", 3, "documents shown for each query, with their tokens marked")
        .optional(
            "factors_from",
            Setting.Type.STRING,
            "a folder of factors that were fitted before, an earlier run's"
                + " artifacts/PROBE/factors_STRATEGY or kronfluence's; curvature is then not"
                + " fitted")
        .flag("factors", true, "whether the fitted factors are kept as files")
        .flag(
            "similarity",
            true,
            "whether documents are also ranked by how alike their activations are to the query's")
        .flag(
            "full_scores",
            false,
            "whether all scores are kept as files, and not only the highest and lowest of each"
                + " query")
        .optional(
            "training_documents",
            Setting.Type.INTEGER,
            "how many documents the model was trained on, by which scores are divided; as many as"
                + " are scored where it is not said")
        .flag("self", false, "whether the influence of each document on itself is computed too")
        .flag("modules", false, "whether each linear layer's part of the scores is kept")
        .real("memory", 4, "gibibytes that factors and queries may take, besides the model")
        .integer(
            "partitions",
            1,
            "parts of the documents that curvature is fitted on, one shard each; sums"
                + " over other parts differ in the last digits")
        .integer("shard", 8192, "documents scored in one shard")
        .optional(
            "retrain_from",
            Setting.Type.STRING,
            "the further model from which training on the documents began; training"
                + " is repeated from there without some of them, which checks the scores"
                + " and takes long")
        .optional(
            "retrained",
            Setting.Type.STRING,
            "the set with the retrainings of an earlier run, which are shown; with retrain_from only"
                + " what is missing there is trained")
        .integer("retrain_batch", 32, "documents per training step")
        .integer("retrain_rounds", 3, "how often training went through all documents")
        .real("retrain_rate", 5e-4, "the initial step size of training, which fell linearly to 0")
        .integer("subsets", 40, "random halves of the documents that training is repeated on")
        .integer("subset_seeds", 2, "orders of the documents in which each half is trained on")
        .strings(
            "group_kind",
            List.of("fact", "procedure"),
            "the kinds of the queries whose top documents are removed")
        .integer(
            "groups",
            8,
            "maximum number of groups of queries of a kind for which documents are removed; 0 for"
                + " none")
        .integer("group_size", 5, "queries per group")
        .integer(
            "removed",
            10,
            "documents removed for each query of a group; the default is about one in"
                + " a hundred of a thousand")
        .integer("removal_seeds", 5, "orders of the documents in which the rest is trained on");
  }

  @Override
  public Probe create(Config config) {
    return new InfluenceProbe(InfluenceSettings.of(config));
  }
}
