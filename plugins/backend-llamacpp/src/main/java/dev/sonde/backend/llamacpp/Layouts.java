package dev.sonde.backend.llamacpp;

/**
 * Where the fields of llama.cpp's structs lie. Written by make-layouts.sh from that build's
 * headers.
 */
final class Layouts {
  /** The build of llama.cpp. */
  static final String VERSION = "0.5.0";

  static final long MODEL_SIZE = 80;
  static final long MODEL_DEVICES = 0;
  static final long MODEL_GPU_LAYERS = 16;
  static final long MODEL_LOAD_MODE = 24;
  static final long MODEL_OVERRIDES = 64;
  static final int LOAD_MODE_AUTO = -1;
  static final int LOAD_MODE_NONE = 0;

  static final long OVERRIDE_SIZE = 264;
  static final long OVERRIDE_TAG = 0;
  static final long OVERRIDE_KEY = 4;
  static final long OVERRIDE_VALUE = 136;
  static final int OVERRIDE_INTEGER = 0;
  static final int OVERRIDE_TEXT = 3;

  static final long CONTEXT_SIZE = 160;
  static final long CONTEXT_TOKENS = 0;
  static final long CONTEXT_BATCH = 4;
  static final long CONTEXT_UBATCH = 8;
  static final long CONTEXT_SEQUENCES = 12;
  static final long CONTEXT_OUTPUTS = 20;
  static final long CONTEXT_OUTPUTS_PER_SEQUENCE = 24;
  static final long CONTEXT_THREADS = 28;
  static final long CONTEXT_THREADS_BATCH = 32;
  static final long CONTEXT_ROPE_SCALING = 40;
  static final long CONTEXT_POOLING = 44;
  static final long CONTEXT_ATTENTION = 48;
  static final long CONTEXT_FLASH = 52;
  static final long CONTEXT_YARN_EXT = 64;
  static final long CONTEXT_DEFRAG = 84;
  static final long CONTEXT_CALLBACK = 88;
  static final long CONTEXT_TYPE_K = 104;
  static final long CONTEXT_TYPE_V = 108;
  static final long CONTEXT_EMBEDDINGS = 128;
  static final long CONTEXT_OFFLOAD = 129;
  static final long CONTEXT_NO_PERF = 130;
  static final long CONTEXT_SWA_FULL = 132;
  static final long CONTEXT_UNIFIED = 133;

  static final long BATCH_SIZE = 56;
  static final long BATCH_COUNT = 0;
  static final long BATCH_TOKEN = 8;
  static final long BATCH_POSITION = 24;
  static final long BATCH_SEQUENCE_COUNT = 32;
  static final long BATCH_SEQUENCE = 40;
  static final long BATCH_OUTPUT = 48;

  static final long INIT_SIZE = 24;
  static final long INIT_BYTES = 0;

  static final long POOL_SIZE = 528;
  static final long POOL_POLL = 520;

  static final long TENSOR_SIZE = 336;
  static final long TENSOR_TYPE = 0;
  static final long TENSOR_BUFFER = 8;
  static final long TENSOR_ELEMENTS = 16;
  static final long TENSOR_STRIDES = 48;
  static final long TENSOR_PARAMETERS = 84;
  static final long TENSOR_SOURCES = 152;
  static final long TENSOR_VIEW_SOURCE = 232;
  static final long TENSOR_VIEW_OFFSET = 240;
  static final long TENSOR_NAME = 256;
  static final int TENSOR_DIMENSIONS = 4;
  static final int TENSOR_MOST_SOURCES = 10;
  static final int TENSOR_NAME_BYTES = 64;
  static final int TYPE_F32 = 0;
  static final int TYPE_F16 = 1;

  private Layouts() {}
}
