package dev.sonde.engine.linalg;

import dev.sonde.api.Resources;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebraProvider;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens the linear algebra of a plugin when it is first used, and calls it as the plugin expects.
 */
public final class LazyLinearAlgebra implements LinearAlgebra {
  /**
   * Products lie outside the heap, where the collector does not see what they take: it is called
   * after so many bytes of them.
   */
  private static final long COLLECTED_AFTER = 1L << 30;

  private final Optional<Offer<LinearAlgebraProvider>> offer;
  private final Resources resources;
  private Optional<LinearAlgebra> opened = Optional.empty();
  private long produced;

  /**
   * Opened when first used.
   *
   * @param preferred the plugin whose linear algebra is taken where it has one; else the engine's
   *     own
   */
  public LazyLinearAlgebra(PluginRegistry plugins, LoadedPlugin preferred, Resources resources) {
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

  private Matrix product(Function<LinearAlgebra, Matrix> use) {
    Matrix product = call(use);
    count(product.segment().byteSize());
    return product;
  }

  private synchronized void count(long bytes) {
    produced += bytes;
    if (produced > COLLECTED_AFTER) {
      produced = 0;
      System.gc();
    }
  }

  @Override
  public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
    return product(algebra -> algebra.multiply(a, transposeA, b, transposeB));
  }

  @Override
  public Matrix crossProducts(Matrix a) {
    return product(algebra -> algebra.crossProducts(a));
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
    return product(algebra -> algebra.cholesky(a));
  }

  @Override
  public Matrix solvePositiveDefinite(Matrix a, Matrix b) {
    return product(algebra -> algebra.solvePositiveDefinite(a, b));
  }
}
