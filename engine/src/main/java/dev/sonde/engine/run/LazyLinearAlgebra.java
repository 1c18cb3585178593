package dev.sonde.engine.run;

import dev.sonde.api.Resources;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebraProvider;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens the linear algebra of a plugin when it is first used, and calls it as the plugin expects.
 */
final class LazyLinearAlgebra implements LinearAlgebra {
  private final Optional<Offer<LinearAlgebraProvider>> offer;
  private final Resources resources;
  private Optional<LinearAlgebra> opened = Optional.empty();

  LazyLinearAlgebra(PluginRegistry plugins, LoadedPlugin preferred, Resources resources) {
    this.offer =
        plugins.all(ExtensionKind.LINEAR_ALGEBRA).stream()
            .filter(o -> o.plugin().equals(preferred))
            .findFirst();
    this.resources = resources;
  }

  private synchronized LinearAlgebra open() {
    if (opened.isEmpty()) {
      opened =
          Optional.of(
              offer
                  .map(o -> o.call(provider -> provider.open(resources)))
                  .orElseGet(PlainLinearAlgebra::new));
    }
    return opened.get();
  }

  private <T> T call(Function<LinearAlgebra, T> use) {
    LinearAlgebra algebra = open();
    return offer.isPresent()
        ? offer.get().plugin().call(() -> use.apply(algebra))
        : use.apply(algebra);
  }

  @Override
  public Matrix multiply(Matrix a, Form formOfA, Matrix b, Form formOfB) {
    return call(algebra -> algebra.multiply(a, formOfA, b, formOfB));
  }

  @Override
  public Matrix crossProducts(Matrix a) {
    return call(algebra -> algebra.crossProducts(a));
  }

  @Override
  public SymmetricEigen symmetricEigen(Matrix a) {
    return call(algebra -> algebra.symmetricEigen(a));
  }

  @Override
  public SingularValues singularValues(Matrix a) {
    return call(algebra -> algebra.singularValues(a));
  }

  @Override
  public Matrix cholesky(Matrix a) {
    return call(algebra -> algebra.cholesky(a));
  }

  @Override
  public Matrix solvePositiveDefinite(Matrix a, Matrix b) {
    return call(algebra -> algebra.solvePositiveDefinite(a, b));
  }
}
