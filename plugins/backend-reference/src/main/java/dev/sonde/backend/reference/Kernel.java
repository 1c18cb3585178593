package dev.sonde.backend.reference;

/** The one operation that takes time. */
interface Kernel {
  /**
   * The matrix product {@code y = x w}.
   *
   * @param x {@code [rows, in]}
   * @param w {@code [in, out]}
   * @param y {@code [rows, out]}, overwritten
   */
  void multiply(float[] x, float[] w, float[] y, int rows, int in, int out);

  /** The vector kernel where the run has the module, else loops. */
  static Kernel best() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? new VectorKernel()
        : new ScalarKernel();
  }
}
