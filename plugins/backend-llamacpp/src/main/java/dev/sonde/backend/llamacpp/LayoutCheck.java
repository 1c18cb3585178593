package dev.sonde.backend.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sonde.api.ModelUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a library lays out its structs as this backend was made for: the defaults that it writes,
 * and a small graph that it builds, must lie where {@link Layouts} says. Nothing is called before
 * that could crash on another layout.
 */
final class LayoutCheck {
  /** Numbers of the vector that is added to itself. */
  private static final int NUMBERS = 7;

  private final List<String> wrong = new ArrayList<>();

  private LayoutCheck() {}

  /**
   * Checks.
   *
   * @throws ModelUnavailableException naming the library's version and what lies elsewhere
   */
  static void check(LlamaLibrary library) {
    LayoutCheck check = new LayoutCheck();
    try (Arena arena = Arena.ofConfined()) {
      MemoryLayout any = LlamaLibrary.ANY_VERSION;
      check.context(library.defaults("llama_context_default_params", any, arena));
      check.model(library.defaults("llama_model_default_params", any, arena));
      if (check.wrong.isEmpty()) {
        check.tensor(library, arena);
      }
    }
    if (!check.wrong.isEmpty()) {
      throw new ModelUnavailableException(
          "the library of llama.cpp in %s (version %s) is laid out otherwise than %s, for which this backend was made: %s; leave the setting 'library' out, or name a folder with that version"
              .formatted(library.folder(), library.version(), Layouts.VERSION, check.wrong));
    }
  }

  private void integer(MemorySegment struct, String field, long at, int expected) {
    expect(field, struct.get(JAVA_INT, at) == expected);
  }

  private void flag(MemorySegment struct, String field, long at, boolean expected) {
    expect(field, struct.get(JAVA_BYTE, at) == (expected ? 1 : 0));
  }

  private void expect(String field, boolean holds) {
    if (!holds) {
      wrong.add(field);
    }
  }

  /** Eighteen fields whose defaults were the same in every version that has them. */
  private void context(MemorySegment context) {
    integer(context, "n_ctx", Layouts.CONTEXT_TOKENS, 512);
    integer(context, "n_batch", Layouts.CONTEXT_BATCH, 2048);
    integer(context, "n_ubatch", Layouts.CONTEXT_UBATCH, 512);
    integer(context, "n_seq_max", Layouts.CONTEXT_SEQUENCES, 1);
    integer(context, "rope_scaling_type", Layouts.CONTEXT_ROPE_SCALING, -1);
    integer(context, "pooling_type", Layouts.CONTEXT_POOLING, -1);
    integer(context, "attention_type", Layouts.CONTEXT_ATTENTION, -1);
    integer(context, "flash_attn_type", Layouts.CONTEXT_FLASH, -1);
    expect("yarn_ext_factor", context.get(JAVA_FLOAT, Layouts.CONTEXT_YARN_EXT) == -1);
    expect("defrag_thold", context.get(JAVA_FLOAT, Layouts.CONTEXT_DEFRAG) == -1);
    expect("cb_eval", context.get(JAVA_LONG, Layouts.CONTEXT_CALLBACK) == 0);
    integer(context, "type_k", Layouts.CONTEXT_TYPE_K, Layouts.TYPE_F16);
    integer(context, "type_v", Layouts.CONTEXT_TYPE_V, Layouts.TYPE_F16);
    flag(context, "embeddings", Layouts.CONTEXT_EMBEDDINGS, false);
    flag(context, "offload_kqv", Layouts.CONTEXT_OFFLOAD, true);
    flag(context, "no_perf", Layouts.CONTEXT_NO_PERF, true);
    flag(context, "swa_full", Layouts.CONTEXT_SWA_FULL, true);
    flag(context, "kv_unified", Layouts.CONTEXT_UNIFIED, false);
  }

  private void model(MemorySegment model) {
    expect("devices", model.get(JAVA_LONG, Layouts.MODEL_DEVICES) == 0);
    integer(model, "n_gpu_layers", Layouts.MODEL_GPU_LAYERS, -1);
    integer(model, "load_mode", Layouts.MODEL_LOAD_MODE, Layouts.LOAD_MODE_AUTO);
    expect("kv_overrides", model.get(JAVA_LONG, Layouts.MODEL_OVERRIDES) == 0);
  }

  /** A sum of a vector and itself: shape, strides, type, name and sources. */
  private void tensor(LlamaLibrary library, Arena arena) {
    MethodHandle vector =
        library.handle("ggml_new_tensor_1d", ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG);
    MethodHandle add = library.handle("ggml_add", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    MethodHandle name = library.handle("ggml_set_name", ADDRESS, ADDRESS, ADDRESS);
    MemorySegment tensors = library.tensors(arena, 1 << 16);
    try {
      MemorySegment one =
          Foreign.call(
              () -> (MemorySegment) vector.invokeExact(tensors, Layouts.TYPE_F32, (long) NUMBERS));
      MemorySegment sum = Foreign.call(() -> (MemorySegment) add.invokeExact(tensors, one, one));
      MemorySegment text = arena.allocateFrom("sum");
      Foreign.call(() -> (MemorySegment) name.invokeExact(sum, text));
      GraphNode node = GraphNode.of(sum);
      expect("ggml_tensor.name", node.name().equals("sum"));
      expect("ggml_tensor.type", node.isFloat32());
      expect("ggml_tensor.ne", node.elements() == NUMBERS && node.size(0) == NUMBERS);
      expect("ggml_tensor.nb", node.stride(0) == Float.BYTES);
      expect("ggml_tensor.src", node.sources().equals(List.of(one.address(), one.address())));
    } finally {
      library.freeTensors(tensors);
    }
  }
}
