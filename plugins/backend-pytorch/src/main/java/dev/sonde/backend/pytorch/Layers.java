package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
import dev.sonde.backend.pytorch.Parameters.Linear;
import dev.sonde.backend.pytorch.Parameters.Norm;
import java.util.Optional;

/** Norms and linears. */
final class Layers {
  private Layers() {}

  static PtNDArray linear(Torch.Scope scope, PtNDArray x, Linear linear, Taps taps) {
    PtNDArray in = x;
    if (taps.wantsLinears()) {
      in = taps.at(scope, HookPoint.linearIn(linear.module()), x);
    }
    String kernel = linear.bfloat16() ? "linear_bf16" : "linear";
    PtNDArray out =
        linear.bias().isPresent()
            ? scope.call(kernel + "_biased", in, linear.weight(), linear.bias().get())
            : scope.call(kernel, in, linear.weight());
    return taps.wantsLinears() ? taps.at(scope, HookPoint.linearOut(linear.module()), out) : out;
  }

  static PtNDArray norm(Torch.Scope scope, PtNDArray x, Norm norm) {
    double epsilon = norm.kind().epsilon();
    if (!norm.kind().centred()) {
      PtNDArray normed = scope.call("rms_norm", x, norm.gain(), epsilon);
      return norm.bias().isPresent() ? scope.call("add", normed, norm.bias().get()) : normed;
    }
    return norm.bias().isPresent() && norm.gain().getShape().dimension() == 1
        ? scope.call("layer_norm", x, norm.gain(), norm.bias().get(), epsilon)
        : scope.call("layer_norm_unbiased", x, norm.gain(), epsilon);
  }

  static PtNDArray norm(Torch.Scope scope, PtNDArray x, Optional<Norm> norm) {
    return norm.isPresent() ? norm(scope, x, norm.get()) : x;
  }

  /** A norm and, where somebody looks, its scale and what it gives before the gain. */
  static PtNDArray norm(
      Torch.Scope scope,
      PtNDArray x,
      Optional<Norm> norm,
      HookPoint scaleSite,
      HookPoint normalizedSite,
      Taps taps) {
    if (norm.isEmpty() || (!taps.wants(scaleSite) && !taps.wants(normalizedSite))) {
      return norm(scope, x, norm);
    }
    boolean centred = norm.get().kind().centred();
    PtNDArray scale = scope.call("norm_scale", x, norm.get().kind().epsilon(), centred);
    scale = taps.at(scope, scaleSite, scale);
    PtNDArray normalized = scope.call("norm_by", x, scale, centred);
    normalized = taps.at(scope, normalizedSite, normalized);
    PtNDArray gained = scope.call("times", normalized, norm.get().gain());
    return norm.get().bias().isPresent()
        ? scope.call("add", gained, norm.get().bias().get())
        : gained;
  }
}
