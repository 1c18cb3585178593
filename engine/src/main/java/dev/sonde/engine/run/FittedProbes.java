package dev.sonde.engine.run;

import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.report.Claim;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.evaluate.Tried;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.ErasedLabel;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.PermutationTest;
import dev.sonde.engine.evaluate.control.Refit;
import dev.sonde.engine.evaluate.control.SetFeatures;
import dev.sonde.engine.evaluate.erase.Erasure;
import dev.sonde.engine.fitted.ProbabilityCurve;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.fitted.SavedProbe.KeptThreshold;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Saves what the evaluations of one probe fitted to all rows. */
final class FittedProbes {
  private final String probe;
  private final RunSetup setup;
  private final Map<String, Object> manifest;
  private final Artifacts artifacts;
  private int evaluations;

  /**
   * A saver.
   *
   * @param manifest hashes of what the run depends on, see {@link Manifest#inputs}
   */
  FittedProbes(String probe, RunSetup setup, Map<String, Object> manifest, Artifacts artifacts) {
    this.probe = probe;
    this.setup = setup;
    this.manifest = manifest;
    this.artifacts = artifacts;
  }

  String probe() {
    return probe;
  }

  /**
   * Saves every decoder of an evaluation that has a form.
   *
   * @param main the rows it was fitted to
   * @param reads what is read of a text, by the names of hook points in the evaluation
   * @return a note for each decoder that has none
   */
  List<String> save(
      Evaluated evaluated, SetFeatures main, Map<HookPoint, Read> reads, List<Claim> claims) {
    String number = ++evaluations > 1 ? String.valueOf(evaluations) : "";
    List<String> notes = new ArrayList<>();
    Optional<Refit.Result> found = evaluated.found(Refit.Result.class);
    for (Refit.Refitted one : found.map(Refit.Result::found).orElse(List.of())) {
      String decoder = one.choice().decoder();
      Optional<ScorerForm> form = one.scorer().form();
      if (form.isEmpty()) {
        notes.add(
            "%s is not saved: its scorer has no form (Scorer.form), so nothing but this run can apply it."
                .formatted(decoder));
        continue;
      }
      Read read = Objects.requireNonNull(reads.get(one.choice().point()), "a read");
      artifacts.fitted(
          "%s%s.%s".formatted(ProbeFile.FITTED, number, decoder.replace('/', '-')),
          saved(evaluated, found.orElseThrow(), one, form.get(), read, main, claims));
    }
    evaluated
        .found(ErasedLabel.Result.class)
        .ifPresent(
            result ->
                result
                    .erased()
                    .forEach(
                        one ->
                            save(
                                one,
                                number,
                                Objects.requireNonNull(
                                    reads.get(one.most().choice().point()), "a read"))));
    return notes;
  }

  /** Saves an erasure that was fitted to all rows: what a row loses, read where, around what. */
  private void save(ErasedLabel.Erased one, String number, Read read) {
    Erasure fitted = one.fitted();
    if (fitted.read().isEmpty()) {
      return;
    }
    Map<String, Matrix> tensors = new LinkedHashMap<>();
    tensors.put("mean", matrix(List.of(fitted.mean())));
    tensors.put("read", matrix(fitted.read()));
    tensors.put("removed", matrix(fitted.removed()));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "sonde-erasure-1");
    metadata.put("apply", "x - ((x - mean) @ read.T) @ removed");
    metadata.put("erase", one.eraser());
    metadata.put("hook_point", read.point().name());
    metadata.put("tokens", read.selector().toString());
    artifacts.tensors("erasure%s.%s".formatted(number, one.eraser()), tensors, metadata);
  }

  private static Matrix matrix(List<double[]> rows) {
    return Matrix.of(Matrix.Type.FLOAT64, rows.toArray(double[][]::new));
  }

  private SavedProbe saved(
      Evaluated evaluated,
      Refit.Result all,
      Refit.Refitted one,
      ScorerForm form,
      Read read,
      SetFeatures main,
      List<Claim> claims) {
    Targets targets = main.study().targets().orElseThrow();
    boolean chosen = all.chosen().filter(one.choice()::equals).isPresent();
    return new SavedProbe(
        probe + "." + one.choice().decoder(),
        what(one, chosen),
        chosen,
        setup.decoders().fittedBy(one.choice().decoder()),
        form,
        new SavedProbe.Reading(
            read.point(),
            read.selector(),
            read.reduction(),
            Objects.requireNonNull(main.sites().get(one.choice().point())).columns()),
        targets.positiveName(),
        targets.negativeName(),
        one.use().isEmpty(),
        one.use().map(use -> new ProbabilityCurve.Platt(use.curve())),
        one.use()
            .map(use -> use.thresholds().stream().map(KeptThreshold::of).toList())
            .orElse(List.of()),
        model(),
        prompt(),
        data(main.study(), targets),
        figures(evaluated, one, chosen),
        chosen ? claims.stream().map(FittedProbes::answered).toList() : List.of());
  }

  private static String what(Refit.Refitted one, boolean chosen) {
    String fit =
        "%s at %s, fitted to all rows; probabilities and thresholds are those of scores on rows held out"
            .formatted(one.choice().decoder(), one.choice().point());
    return chosen
        ? fit
            + ". It is what the nested procedure takes of all rows: the decoder and hook point with the highest cross-validated figure of those it may choose. The nested figure is that of the procedure; the verdict is its verdict."
        : fit + ". The hook point is the one where this decoder reaches most.";
  }

  private Map<String, Object> model() {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("reference", setup.inputs().model().reference().name());
    if (manifest.get("model") instanceof Map<?, ?> facts) {
      facts.forEach(
          (key, value) -> {
            if (!key.equals("files")) {
              model.put(String.valueOf(key), value);
            }
          });
    }
    return model;
  }

  private Map<String, Object> prompt() {
    Map<String, Object> prompt = new LinkedHashMap<>();
    Map<String, Object> data = setup.experiment().data().config().plain();
    if (Stream.of("text", "template", "messages").noneMatch(data::containsKey)) {
      prompt.put("text", "text"); // pairs, as they stand
    }
    for (String key : List.of("text", "template", "messages")) {
      if (setup.experiment().data().config().has(key) && data.get(key) != null) {
        prompt.put(key, data.get(key));
        if (key.equals("messages")) {
          prompt.put("generation_prompt", data.get("generation_prompt"));
          prompt.put(
              "chat_template_kwargs",
              setup.experiment().data().config().plain("chat_template_kwargs"));
        }
      }
    }
    return prompt;
  }

  private Map<String, Object> data(LabelledStudy study, Targets targets) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", study.source().name());
    if (manifest.get("data") instanceof Map<?, ?> facts) {
      for (String key : List.of("sha256", "tokens")) {
        if (facts.get(key) != null) {
          data.put(key, String.valueOf(facts.get(key)));
        }
      }
    }
    data.put("rows", (long) study.size());
    data.put("groups", study.groups().stream().distinct().count());
    if (targets.isBinary()) {
      data.put("positive_rows", (long) targets.positives());
    }
    return data;
  }

  private static Map<String, Object> figures(
      Evaluated evaluated, Refit.Refitted one, boolean chosen) {
    Map<String, Object> figures = new LinkedHashMap<>();
    String merit = evaluated.subject().merit().metric();
    ControlResult.Placed.of(evaluated.tried(), one.choice().decoder()).stream()
        .filter(tried -> tried.choice().equals(one.choice()))
        .map(Tried::merit)
        .findFirst()
        .ifPresent(found -> figures.put(merit, estimate(found)));
    if (chosen) {
      evaluated
          .found(NestedSelection.Result.class)
          .ifPresent(nested -> figures.put(merit + ".nested", estimate(nested.merit())));
      evaluated
          .found(PermutationTest.Result.class)
          .flatMap(PermutationTest.Result::claim)
          .ifPresent(test -> figures.put("p", test.p()));
      evaluated
          .margin()
          .ifPresent(
              margin -> {
                Map<String, Object> over = estimate(margin.estimate());
                over.put("over", margin.over().words().name());
                figures.put("margin", over);
              });
    }
    one.use()
        .flatMap(Refit.Use::reliability)
        .ifPresent(
            reliable -> {
              figures.put("calibration.error", reliable.error());
              figures.put("calibration.error_if_true", reliable.errorIfTrue());
            });
    return figures;
  }

  private static Map<String, Object> estimate(Estimate estimate) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("value", estimate.value());
    map.put("low", estimate.low());
    map.put("high", estimate.high());
    return map;
  }

  private static Map<String, Object> answered(Claim claim) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("question", claim.evidence().question());
    map.put("answer", claim.answer().word());
    map.put("because", List.copyOf(claim.because()));
    return map;
  }
}
