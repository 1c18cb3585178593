package dev.sonde.probe.influence.curvature;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.LinearModule;
import java.util.List;

/**
 * Sums over documents of squared gradients, {@code [out, in]} float32 for each linear.
 *
 * @param corrected in the linear's eigenbasis; empty where that is not wanted
 * @param plain in the weights' own basis; empty where that is not wanted
 */
record SquaredGradients(List<Matrix> corrected, List<Matrix> plain) {
  private static final String CORRECTED = "corrected.";
  private static final String PLAIN = "plain.";

  /** Sums over no documents of what a fit wants. */
  static SquaredGradients none(FitTask task, List<LinearModule> linears) {
    return new SquaredGradients(
        task.corrects() ? zeros(linears) : List.of(), task.squares() ? zeros(linears) : List.of());
  }

  private static List<Matrix> zeros(List<LinearModule> linears) {
    return linears.stream().map(l -> FloatMatrices.zeros(l.out(), l.in())).toList();
  }

  /** As an artifact holds them. */
  static SquaredGradients in(Artifact artifact, FitTask task, List<LinearModule> linears) {
    return new SquaredGradients(
        task.corrects() ? tensors(artifact, CORRECTED, linears) : List.of(),
        task.squares() ? tensors(artifact, PLAIN, linears) : List.of());
  }

  private static List<Matrix> tensors(Artifact artifact, String kind, List<LinearModule> linears) {
    return linears.stream()
        .map(linear -> FloatMatrices.copy(artifact.tensor(kind + linear.module())))
        .toList();
  }

  Artifact artifact(List<LinearModule> linears) {
    Artifact artifact = Artifact.empty();
    for (int i = 0; i < corrected.size(); i++) {
      artifact = artifact.with(CORRECTED + linears.get(i).module(), corrected.get(i));
    }
    for (int i = 0; i < plain.size(); i++) {
      artifact = artifact.with(PLAIN + linears.get(i).module(), plain.get(i));
    }
    return artifact;
  }

  void add(SquaredGradients more) {
    for (int i = 0; i < corrected.size(); i++) {
      FloatMatrices.add(corrected.get(i), more.corrected.get(i));
    }
    for (int i = 0; i < plain.size(); i++) {
      FloatMatrices.add(plain.get(i), more.plain.get(i));
    }
  }
}
