package dev.sonde.formats.huggingface;

/** What follows the mixer in a block. */
public sealed interface MlpSpec permits DenseSpec, ExpertsSpec, PairedSpec {
  /** The non-linearity. */
  Activation activation();

  /** Its inner width; of one expert where there are experts. */
  int width();
}
