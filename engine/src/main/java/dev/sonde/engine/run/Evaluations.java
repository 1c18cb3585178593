package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.report.Claim;
import dev.sonde.engine.evaluate.Evaluator;
import dev.sonde.engine.evaluate.control.EvaluationInput;
import dev.sonde.engine.evaluate.control.FailedDecoder;
import dev.sonde.engine.evaluate.control.SetFeatures;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.Reads;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.report.SectionWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The evaluations that one probe asks for: their input, and where what they find goes. */
final class Evaluations {
  private final RunSetup setup;
  private final ProbeRows rows;
  private final LinearAlgebra algebra;
  private final Progress progress;
  private final SectionWriter section;
  private final FittedProbes fitted;
  private boolean decoderFailed;

  Evaluations(
      RunSetup setup,
      ProbeRows rows,
      LinearAlgebra algebra,
      Progress progress,
      SectionWriter section,
      FittedProbes fitted) {
    this.setup = setup;
    this.rows = rows;
    this.algebra = algebra;
    this.progress = progress;
    this.section = section;
    this.fitted = fitted;
  }

  /** See {@link dev.sonde.api.probe.ProbeContext#evaluate}. */
  Evaluation evaluate(CaptureRequest spec) {
    Experiment experiment = setup.experiment();
    Map<HookPoint, Read> reads = Reads.named(setup.passes().main().model(), spec);
    List<Read> embedding = Reads.embeddings(spec);
    Read mean = Reads.embeddingMean();
    List<Read> all = new ArrayList<>(reads.values());
    all.addAll(embedding);
    all.add(mean);
    rows.activations().ensure(Role.MAIN_PASS, all);
    Map<String, Decoder> byName = new LinkedHashMap<>();
    spec.decoders().forEach(name -> byName.put(name, setup.decoders().find(name)));
    EvaluationInput input =
        new EvaluationInput(
            new SetFeatures(
                rows.study(Role.MAIN_PASS), finite(rows.matrices(Role.MAIN_PASS, reads))),
            freshSites(reads),
            others(reads, embedding, mean),
            byName,
            rows.beside(Role.MAIN_PASS, embedding),
            rows.matrix(Role.MAIN_PASS, mean),
            experiment.data().config().strings("confounds"),
            experiment.data().config().strings("splits"));
    Evaluator.Result result =
        new Evaluator(experiment.evaluation(), new Seeds(experiment.seed()), algebra, progress)
            .evaluate(input);
    List<Claim> claims = section.evaluated(result.found());
    for (FailedDecoder failed : result.found().failed()) {
      progress.warning("probe '%s': %s".formatted(fitted.probe(), failed.remark()));
      decoderFailed = true;
    }
    fitted.save(result.found(), input.main(), reads, claims).forEach(section::note);
    return result.evaluation();
  }

  /** Whether a decoder failed, so that the section is not what was asked for. */
  boolean decoderFailed() {
    return decoderFailed;
  }

  private Map<HookPoint, Matrix> finite(Map<HookPoint, Matrix> sites) {
    sites.forEach(
        (point, matrix) -> {
          for (int row = 0; row < matrix.rows(); row++) {
            for (double value : matrix.row(row)) {
              if (!Double.isFinite(value)) {
                throw new InvalidInputException(
                    "the model's activations at %s hold %s in row '%s': run it in float32, or leave the row out"
                        .formatted(
                            point, value, rows.study(Role.MAIN_PASS).examples().get(row).id()));
              }
            }
          }
        });
    return sites;
  }

  private Map<HookPoint, Matrix> freshSites(Map<HookPoint, Read> reads) {
    Optional<Pass> fresh = rows.activations().pass(Role.FRESH_PASS);
    return fresh
        .filter(pass -> setup.experiment().evaluation().randomInit())
        .map(pass -> rows.matrices(pass.role(), reads))
        .orElseGet(Map::of);
  }

  private List<SetFeatures> others(Map<HookPoint, Read> reads, List<Read> embedding, Read mean) {
    return setup.passes().onSets().stream()
        .map(Pass::role)
        .filter(role -> rows.study(role).targets().isPresent())
        .map(
            role ->
                new SetFeatures(
                    rows.study(role),
                    rows.matrices(role, reads),
                    Optional.of(rows.beside(role, embedding)),
                    Optional.of(rows.matrix(role, mean))))
        .toList();
  }
}
