package dev.sonde.engine.run;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.pass.OpenInputs;
import dev.sonde.engine.pass.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows that one probe asks about, and what was read of them. */
final class ProbeRows {
  private final String probe;
  private final OpenInputs inputs;
  private final Activations activations;

  ProbeRows(String probe, RunSetup setup, Activations activations) {
    this.probe = probe;
    this.inputs = setup.inputs();
    this.activations = activations;
  }

  Activations activations() {
    return activations;
  }

  /** What the probe asks about a data set. */
  LabelledStudy study(Role role) {
    return inputs.study(role, probe);
  }

  /** Some reads of a pass. */
  Map<HookPoint, Matrix> matrices(Role role, Map<HookPoint, Read> reads) {
    Map<HookPoint, Matrix> matrices = new LinkedHashMap<>();
    reads.forEach((point, read) -> matrices.put(point, matrix(role, read)));
    return matrices;
  }

  /** Some reads of a pass side by side, as the features of one baseline. */
  Matrix beside(Role role, List<Read> reads) {
    return Activations.sideBySide(reads.stream().map(read -> matrix(role, read)).toList());
  }

  Matrix matrix(Role role, Read read) {
    Matrix all = activations.matrix(role, read);
    return inputs.rows(role, probe).map(rows -> all.select(rows)).orElse(all);
  }
}
