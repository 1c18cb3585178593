package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Captured;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.Evaluator;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plan.Plan;
import dev.sonde.engine.plan.TokenRows;
import dev.sonde.engine.report.EvaluationFigures;
import dev.sonde.engine.report.SectionWriter;
import dev.sonde.engine.store.Capture;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What one probe of a run works on. */
final class Context implements ProbeContext {
  private final String probe;
  private final Experiment experiment;
  private final OpenModel model;
  private final LabelledStudy study;
  private final TokenRows rows;
  private final Capture capture;
  private final List<PassCapture> controls;
  private final Decoders decoders;
  private final VectorFiles vectorFiles;
  private final LinearAlgebra algebra;
  private final RunFolder folder;
  private final Progress progress;
  private final Journal journal;
  private final Map<String, Object> timing;
  private final Seeds seeds;
  private final SectionWriter section = new SectionWriter();
  private final Thread owner = Thread.currentThread();
  private boolean decoderFailed;

  Context(
      String probe,
      Experiment experiment,
      OpenModel model,
      LabelledStudy study,
      TokenRows rows,
      Capture capture,
      List<PassCapture> controls,
      Decoders decoders,
      VectorFiles vectorFiles,
      LinearAlgebra algebra,
      RunFolder folder,
      Progress progress,
      Journal journal,
      Map<String, Object> timing) {
    this.probe = probe;
    this.experiment = experiment;
    this.model = model;
    this.study = study;
    this.rows = rows;
    this.capture = capture;
    this.controls = controls;
    this.decoders = decoders;
    this.vectorFiles = vectorFiles;
    this.algebra = algebra;
    this.folder = folder;
    this.progress = progress;
    this.journal = journal;
    this.timing = timing;
    this.seeds = new Seeds(experiment.seed());
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public Study study() {
    return study;
  }

  @Override
  public List<String> sets() {
    return names(PassCapture.Kind.SET);
  }

  private List<String> names(PassCapture.Kind kind) {
    return of(kind).map(PassCapture::name).toList();
  }

  private Stream<PassCapture> of(PassCapture.Kind kind) {
    return controls.stream().filter(control -> control.kind() == kind);
  }

  @Override
  public Study study(String set) {
    return find(PassCapture.Kind.SET, set).pass().study();
  }

  private PassCapture find(PassCapture.Kind kind, String name) {
    return of(kind)
        .filter(control -> control.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "the experiment has no %s '%s'; there are %s"
                        .formatted(
                            kind == PassCapture.Kind.SET ? "data set" : "further model",
                            name,
                            names(kind))));
  }

  @Override
  public Captured capture(CaptureRequest request) {
    requireOwnThread();
    return captured(capture, Plan.reads(model, request));
  }

  @Override
  public Captured capture(String set, CaptureRequest request) {
    requireOwnThread();
    return captured(find(PassCapture.Kind.SET, set).capture(), Plan.reads(model, request));
  }

  @Override
  public List<String> models() {
    return names(PassCapture.Kind.MODEL);
  }

  @Override
  public Model model(String name) {
    return find(PassCapture.Kind.MODEL, name).pass().model();
  }

  @Override
  public Captured captureOf(String name, CaptureRequest request) {
    requireOwnThread();
    PassCapture found = find(PassCapture.Kind.MODEL, name);
    return captured(found.capture(), Plan.reads(found.pass().model(), request));
  }

  @Override
  public Optional<Model> control() {
    return of(PassCapture.Kind.FRESH_WEIGHTS).findFirst().map(control -> control.pass().model());
  }

  private void requireOwnThread() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a probe's context belongs to the probe's own thread, not to " + Thread.currentThread());
    }
  }

  /** Makes all models forget what they kept of earlier requests. */
  void forget() {
    model.forget();
    controls.forEach(control -> control.pass().model().forget());
  }

  private Captured captured(Capture from, List<Read> reads) {
    ensure(from, reads);
    Map<HookPoint, Matrix> matrices = matrices(from, reads);
    return new Captured() {
      @Override
      public List<HookPoint> points() {
        return List.copyOf(matrices.keySet());
      }

      @Override
      public Matrix at(HookPoint point) {
        Matrix found = matrices.get(point);
        if (found == null) {
          throw new IllegalArgumentException(point + " was not asked for");
        }
        return found;
      }
    };
  }

  private void ensure(Capture from, List<Read> reads) {
    from.ensure(reads, (done, total) -> progress.at("capturing", done, total));
  }

  private static Map<HookPoint, Matrix> matrices(Capture from, List<Read> reads) {
    Map<HookPoint, Matrix> matrices = new LinkedHashMap<>();
    reads.forEach(read -> matrices.put(read.point(), from.matrix(read)));
    return matrices;
  }

  @Override
  public Evaluation evaluate(EvaluationSpec spec) {
    requireOwnThread();
    List<Read> reads = Plan.reads(model, spec.features());
    Read embedding = Plan.embedding(spec);
    Read mean = Plan.embeddingMean();
    List<Read> all = new ArrayList<>(reads);
    all.addAll(List.of(embedding, mean));
    ensure(capture, all);
    Map<String, Decoder> byName = new LinkedHashMap<>();
    spec.decoders().forEach(name -> byName.put(name, decoders.find(name)));
    Evaluator evaluator =
        new Evaluator(
            study,
            experiment.evaluation(),
            seeds,
            algebra,
            (what, done, total) -> progress.at(probe + ": " + what, done, total));
    Map<HookPoint, Matrix> sites = finite(matrices(capture, reads));
    Map<HookPoint, Matrix> freshSites = freshSites(reads);
    List<Evaluator.Other> others = others(reads);
    Evaluator.Result result =
        withoutFailures(
            byName,
            working ->
                evaluator.evaluate(
                    new Evaluator.Input(
                        sites,
                        freshSites,
                        others,
                        working,
                        capture.matrix(embedding),
                        capture.matrix(mean),
                        experiment.data().config().strings("confounds"),
                        experiment.data().config().strings("splits"))));
    section.evaluated(result.metrics());
    result.notes().forEach(section::note);
    EvaluationFigures.layerCurve(result.metrics()).ifPresent(section::figure);
    EvaluationFigures.transfer(result.metrics()).ifPresent(section::figure);
    return result;
  }

  /** A decoder that fails is left out, and said to be; the others are evaluated as without it. */
  private Evaluator.Result withoutFailures(
      Map<String, Decoder> decoders, Function<Map<String, Decoder>, Evaluator.Result> evaluation) {
    Map<String, Decoder> working = new LinkedHashMap<>(decoders);
    while (true) {
      try {
        return evaluation.apply(working);
      } catch (DecoderFailure e) {
        if (working.remove(e.decoder()) == null || working.isEmpty()) {
          throw e;
        }
        String remark = e.getMessage() + "; the other decoders are evaluated without it";
        progress.warning("probe '%s': %s".formatted(probe, remark));
        section.note(remark);
        decoderFailed = true;
      }
    }
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
                        .formatted(point, value, study.examples().get(row).id()));
              }
            }
          }
        });
    return sites;
  }

  private Map<HookPoint, Matrix> freshSites(List<Read> reads) {
    return of(PassCapture.Kind.FRESH_WEIGHTS)
        .findFirst()
        .filter(control -> experiment.evaluation().randomInit())
        .map(control -> matrices(control.capture(), reads))
        .orElseGet(Map::of);
  }

  private List<Evaluator.Other> others(List<Read> reads) {
    return of(PassCapture.Kind.SET)
        .filter(control -> control.pass().study().targets().isPresent())
        .map(c -> new Evaluator.Other(c.pass().study(), matrices(c.capture(), reads)))
        .toList();
  }

  @Override
  public Decoder decoder(String name) {
    return decoders.find(name);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return algebra;
  }

  @Override
  public RandomGenerator random(String purpose) {
    return seeds.random("probe/" + probe + "/" + purpose);
  }

  @Override
  public Report report() {
    return section;
  }

  /** The section says what is to be known of the model, and where rows or prompts were left out. */
  void remark() {
    model.info().notes().forEach(section::note);
    study.remarks().forEach(section::note);
    rows.remark()
        .ifPresent(
            remark -> {
              section.evaluated(
                  List.of(
                      Metric.of("rows.truncated", rows.truncated())
                          .n(rows.ids().size())
                          .unit("rows")));
              section.note(remark);
            });
  }

  SectionWriter section() {
    return section;
  }

  @Override
  public void saveTensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata) {
    requireOwnThread();
    List<Tensor> list = new ArrayList<>();
    tensors.forEach((key, matrix) -> list.add(tensor(key, matrix)));
    Path file = artifactIn(name, "safetensors");
    try {
      Files.deleteIfExists(file);
      SafetensorsWriter.write(file, list, new TreeMap<>(metadata));
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
  }

  @Override
  public void saveDirections(String name, String format, VectorFormat.Directions directions) {
    requireOwnThread();
    vectorFiles.write(format, artifact(name, format), directions);
  }

  @Override
  public void saveText(String name, String ending, String text) {
    requireOwnThread();
    if (!ending.matches("[a-z0-9]+")) {
      throw new InvalidInputException("'%s' is no file ending".formatted(ending));
    }
    requirePlain(name);
    folder.write("artifacts/%s.%s.%s".formatted(probe, name, ending), text);
  }

  @Override
  public byte[] stage(String name, Supplier<byte[]> work) {
    requireOwnThread();
    requirePlain(name);
    return journal.stage(
        probe,
        name,
        () -> {
          forget();
          return work.get();
        });
  }

  @Override
  public void cost(String name, long amount) {
    requireOwnThread();
    timing.merge(
        Objects.requireNonNull(name, "what a cost is of"),
        amount,
        (before, more) -> (Long) before + (Long) more);
  }

  private Path artifact(String name, String ending) {
    requirePlain(name);
    return folder.artifact(probe + "." + name + "." + ending);
  }

  /** A file of the probe's own, or one in a folder of its own where the name has a folder. */
  private Path artifactIn(String name, String ending) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return artifact(name, ending);
    }
    requirePlain(name.substring(0, slash));
    requirePlain(name.substring(slash + 1));
    Path file = folder.artifact(probe).resolve(name + "." + ending);
    try {
      Files.createDirectories(file.resolveSibling(""));
      return file;
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
  }

  private static void requirePlain(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new InvalidInputException("artifact name '" + name + "' is not a plain file name");
    }
  }

  private static Tensor tensor(String name, Matrix matrix) {
    DType type = matrix.type() == Matrix.Type.FLOAT32 ? DType.F32 : DType.F64;
    List<Long> shape =
        matrix.rows() == 1
            ? List.of((long) matrix.columns())
            : List.of((long) matrix.rows(), (long) matrix.columns());
    return new Tensor(name, type, shape, matrix.segment());
  }

  @Override
  public void progress(String what, long done, long total) {
    progress.at(probe + ": " + what, done, total);
  }
}
