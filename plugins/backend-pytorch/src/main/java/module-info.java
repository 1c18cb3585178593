import org.jspecify.annotations.NullMarked;

/**
 * Models on libtorch, through DJL, and libtorch's linear algebra. Every tensor operation is a short
 * TorchScript function in {@code kernels.torchscript}; {@code Decoder} is the model, top-down.
 */
@NullMarked
module dev.sonde.backend.pytorch {
  requires static org.jspecify;
  requires ai.djl.api;
  requires ai.djl.pytorch_engine;
  requires dev.sonde.api;
  requires dev.sonde.formats;
  requires dev.sonde.packing;

  provides dev.sonde.api.Plugin with
      dev.sonde.backend.pytorch.PyTorchPlugin;
}
