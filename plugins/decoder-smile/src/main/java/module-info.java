import org.jspecify.annotations.NullMarked;

/** Logistic regression by a quasi-Newton method, held against Smile's in its tests. */
@NullMarked
module dev.sonde.decoder.smile {
  requires static org.jspecify;
  requires dev.sonde.api;

  provides dev.sonde.api.Plugin with
      dev.sonde.decoder.smile.SmilePlugin;
}
