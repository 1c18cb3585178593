package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.backend.pytorch.Parameters.Experts;
import dev.sonde.formats.huggingface.Activation;
import dev.sonde.formats.huggingface.DenseSpec;
import dev.sonde.formats.huggingface.ExpertsSpec;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import dev.sonde.formats.huggingface.MlpSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;

/** What follows the mixer of one block. */
final class FeedForward {
  private final MlpSpec spec;
  private final Sites at;

  FeedForward(MlpSpec spec, int layer) {
    this.spec = spec;
    this.at = Sites.of(layer);
  }

  PtNDArray apply(Torch.Scope scope, PtNDArray x, Block block, Taps taps) {
    return spec instanceof ExpertsSpec experts
        ? sent(scope, x, block, experts, taps)
        : dense(scope, x, block, taps);
  }

  private PtNDArray dense(Torch.Scope scope, PtNDArray x, Block block, Taps taps) {
    PtNDArray inner;
    if (block.linears().containsKey(Part.GATE_UP)) {
      List<PtNDArray> halves = gateAndUp(scope, x, block, Part.GATE, Part.UP, Part.GATE_UP, taps);
      PtNDArray gate = taps.at(scope, at.mlpPre(), halves.get(0));
      PtNDArray up = taps.at(scope, at.mlpPreLinear(), halves.get(1));
      if (spec instanceof DenseSpec dense && dense.isCut()) {
        gate = scope.call("cut_gates", gate, dense.cut());
      }
      inner = scope.call("gated", gate, up, spec.activation().name());
    } else {
      PtNDArray up = Layers.linear(scope, x, block.linear(Part.UP), taps);
      inner = curved(scope, taps.at(scope, at.mlpPre(), up), block);
    }
    inner = taps.at(scope, at.mlpPost(), inner);
    return Layers.linear(scope, inner, block.linear(Part.DOWN), taps);
  }

  private PtNDArray curved(Torch.Scope scope, PtNDArray x, Block block) {
    if (spec.activation() == Activation.XIELU) {
      return scope.call(
          "xielu",
          x,
          block.vector(Part.CURVE_ABOVE).orElseThrow(),
          block.vector(Part.CURVE_BELOW).orElseThrow());
    }
    return scope.call("activate", x, spec.activation().name());
  }

  /** By one product, unless somebody looks at the linears of two. */
  private static List<PtNDArray> gateAndUp(
      Torch.Scope scope, PtNDArray x, Block block, Part gate, Part up, Part both, Taps taps) {
    if (taps.wantsLinears() && block.linears().containsKey(gate)) {
      return List.of(
          Layers.linear(scope, x, block.linear(gate), taps),
          Layers.linear(scope, x, block.linear(up), taps));
    }
    return scope.callForMany("halves", Layers.linear(scope, x, block.linear(both), taps));
  }

  private PtNDArray sent(Torch.Scope scope, PtNDArray x, Block block, ExpertsSpec many, Taps taps) {
    PtNDArray logits = Layers.linear(scope, x, block.linear(Part.ROUTER), taps);
    logits = taps.at(scope, at.router(), logits);
    Router router = many.router();
    PtNDArray correction = block.vector(Part.ROUTER_CORRECTION).orElseGet(scope::none);
    List<PtNDArray> routes =
        scope.callForMany(
            "route",
            logits,
            correction,
            router.scores() == Scores.SIGMOID,
            router.chosen(),
            router.groups(),
            router.groupsChosen(),
            router.groupBest(),
            router.normalised(),
            router.least(),
            router.scale());
    Experts experts = block.experts().orElseThrow();
    PtNDArray y =
        scope.call(
            "experts",
            x,
            routes.get(0),
            routes.get(1),
            experts.gateUp(),
            experts.gateUpBias().orElseGet(scope::none),
            experts.down(),
            experts.downBias().orElseGet(scope::none),
            experts.layout().name(),
            many.activation().name(),
            many.limit(),
            many.slope(),
            router.weighsInput());
    return many.shared() > 0 ? scope.call("add", y, shared(scope, x, block, taps)) : y;
  }

  private PtNDArray shared(Torch.Scope scope, PtNDArray x, Block block, Taps taps) {
    List<PtNDArray> halves =
        gateAndUp(scope, x, block, Part.SHARED_GATE, Part.SHARED_UP, Part.SHARED_GATE_UP, taps);
    PtNDArray inner = scope.call("gated", halves.get(0), halves.get(1), spec.activation().name());
    PtNDArray y = Layers.linear(scope, inner, block.linear(Part.SHARED_DOWN), taps);
    if (!block.linears().containsKey(Part.SHARED_SHARE)) {
      return y;
    }
    PtNDArray share = Layers.linear(scope, x, block.linear(Part.SHARED_SHARE), taps);
    return scope.call("gated_by", y, share);
  }
}
