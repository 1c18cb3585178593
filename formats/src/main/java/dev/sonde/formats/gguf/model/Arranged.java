package dev.sonde.formats.gguf.model;

import dev.sonde.formats.Weight;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;

/** Tensors of a file, seen as a weight of the folder they were converted from. */
interface Arranged extends Weight {
  /** The smallest type of a safetensors file that holds its numbers exactly. */
  DType dtype();

  static DType dtype(GgufTensor tensor) {
    return switch (tensor.type()) {
      case F16 -> DType.F16;
      case BF16 -> DType.BF16;
      default -> DType.F32;
    };
  }
}
