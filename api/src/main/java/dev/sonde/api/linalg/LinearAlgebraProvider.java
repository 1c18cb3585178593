package dev.sonde.api.linalg;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Extension;
import dev.sonde.api.Resources;

/** Opens an implementation of dense linear algebra. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface LinearAlgebraProvider extends Extension {
  /** Opens it, loading natives where it has any. */
  LinearAlgebra open(Resources resources);
}
