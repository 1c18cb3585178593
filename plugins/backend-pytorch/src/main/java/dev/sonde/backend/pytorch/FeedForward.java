package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.backend.pytorch.Parameters.Experts;
import dev.sonde.backend.pytorch.Parameters.Norm;
import dev.sonde.formats.huggingface.Activation;
import dev.sonde.formats.huggingface.DenseSpec;
import dev.sonde.formats.huggingface.ExpertsSpec;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import dev.sonde.formats.huggingface.MlpSpec;
import dev.sonde.formats.huggingface.PairedSpec;
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

  /**
   * What it adds to the residual stream.
   *
   * @param x the stream as the block's norm gives it
   * @param residual the stream itself
   */
  PtNDArray apply(Torch.Scope scope, PtNDArray x, PtNDArray residual, Block block, Taps taps) {
    return switch (spec) {
      case DenseSpec dense -> dense(scope, x, dense, block, taps);
      case ExpertsSpec experts -> sent(scope, x, x, experts, block, taps);
      case PairedSpec pair -> paired(scope, x, residual, pair, block, taps);
    };
  }

  /**
   * Experts and router see the residual stream each by a norm of its own; what MLP and experts give
   * is normed before the two are added.
   */
  private PtNDArray paired(
      Torch.Scope scope, PtNDArray x, PtNDArray residual, PairedSpec pair, Block block, Taps taps) {
    PtNDArray plain = dense(scope, x, pair.dense(), block, taps);
    plain = Layers.norm(scope, plain, block.norm(Part.BESIDE_POST_NORM));
    Norm norm = block.norm(Part.EXPERTS_NORM).orElseThrow();
    PtNDArray seen = scope.call("rms_norm_bare", residual, norm.kind().epsilon());
    seen = scope.call("times", seen, block.vector(Part.ROUTER_SCALE).orElseThrow());
    seen = scope.call("scaled", seen, 1 / Math.sqrt((double) residual.getShape().get(1)));
    PtNDArray sent =
        sent(scope, Layers.norm(scope, residual, norm), seen, pair.experts(), block, taps);
    return scope.call("add", plain, Layers.norm(scope, sent, block.norm(Part.EXPERTS_POST_NORM)));
  }

  private PtNDArray dense(Torch.Scope scope, PtNDArray x, DenseSpec dense, Block block, Taps taps) {
    PtNDArray inner;
    if (block.linears().containsKey(Part.GATE_UP)) {
      List<PtNDArray> halves = gateAndUp(scope, x, block, Part.GATE, Part.UP, Part.GATE_UP, taps);
      PtNDArray gate = taps.at(scope, at.mlpPre(), halves.get(0));
      PtNDArray up = taps.at(scope, at.mlpPreLinear(), halves.get(1));
      if (dense.isCut()) {
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

  private PtNDArray sent(
      Torch.Scope scope, PtNDArray x, PtNDArray seen, ExpertsSpec many, Block block, Taps taps) {
    PtNDArray logits = Layers.linear(scope, seen, block.linear(Part.ROUTER), taps);
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
    PtNDArray shares = routes.get(0);
    if (block.vector(Part.EXPERT_SCALE).isPresent()) {
      PtNDArray scale = block.vector(Part.EXPERT_SCALE).get();
      shares = scope.call("shares_scaled", shares, routes.get(1), scale);
    }
    Experts experts = block.experts().orElseThrow();
    PtNDArray y =
        scope.call(
            "experts",
            x,
            shares,
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
