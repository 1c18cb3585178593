/* Writes Layouts.java: where the fields lie that Java reads or writes, by the headers of one build of llama.cpp. */
#include "ggml.h"
#include "llama.h"
#include <stddef.h>
#include <stdio.h>

#define SIZE(name, type) printf("  static final long %s_SIZE = %zu;\n", name, sizeof(type))
#define FIELD(name, type, field) printf("  static final long %s = %zu;\n", name, offsetof(type, field))
#define NUMBER(name, value) printf("  static final int %s = %d;\n", name, (int) (value))

typedef struct llama_model_params model;
typedef struct llama_context_params context;
typedef struct llama_batch batch;
typedef struct llama_model_kv_override override;
typedef struct ggml_tensor tensor;
typedef struct ggml_init_params init;
typedef struct ggml_threadpool_params pool;

int main(int count, char ** arguments) {
    if (count != 2) {
        return 1;
    }
    printf("package dev.sonde.backend.llamacpp;\n\n"
           "/** Where the fields of llama.cpp's structs lie. Written by make-layouts.sh from that build's headers. */\n"
           "final class Layouts {\n"
           "  /** The build of llama.cpp. */\n"
           "  static final String VERSION = \"%s\";\n\n", arguments[1]);
    SIZE("MODEL", model);
    FIELD("MODEL_DEVICES", model, devices);
    FIELD("MODEL_GPU_LAYERS", model, n_gpu_layers);
    FIELD("MODEL_LOAD_MODE", model, load_mode);
    FIELD("MODEL_OVERRIDES", model, kv_overrides);
    NUMBER("LOAD_MODE_AUTO", LLAMA_LOAD_MODE_AUTO);
    NUMBER("LOAD_MODE_NONE", LLAMA_LOAD_MODE_NONE);
    printf("\n");
    SIZE("OVERRIDE", override);
    FIELD("OVERRIDE_TAG", override, tag);
    FIELD("OVERRIDE_KEY", override, key);
    FIELD("OVERRIDE_VALUE", override, val_i64);
    NUMBER("OVERRIDE_INTEGER", LLAMA_KV_OVERRIDE_TYPE_INT);
    NUMBER("OVERRIDE_TEXT", LLAMA_KV_OVERRIDE_TYPE_STR);
    printf("\n");
    SIZE("CONTEXT", context);
    FIELD("CONTEXT_TOKENS", context, n_ctx);
    FIELD("CONTEXT_BATCH", context, n_batch);
    FIELD("CONTEXT_UBATCH", context, n_ubatch);
    FIELD("CONTEXT_SEQUENCES", context, n_seq_max);
    FIELD("CONTEXT_OUTPUTS", context, n_outputs_max);
    FIELD("CONTEXT_OUTPUTS_PER_SEQUENCE", context, n_outputs_max_per_seq);
    FIELD("CONTEXT_THREADS", context, n_threads);
    FIELD("CONTEXT_THREADS_BATCH", context, n_threads_batch);
    FIELD("CONTEXT_ROPE_SCALING", context, rope_scaling_type);
    FIELD("CONTEXT_POOLING", context, pooling_type);
    FIELD("CONTEXT_ATTENTION", context, attention_type);
    FIELD("CONTEXT_FLASH", context, flash_attn_type);
    FIELD("CONTEXT_YARN_EXT", context, yarn_ext_factor);
    FIELD("CONTEXT_DEFRAG", context, defrag_thold);
    FIELD("CONTEXT_CALLBACK", context, cb_eval);
    FIELD("CONTEXT_TYPE_K", context, type_k);
    FIELD("CONTEXT_TYPE_V", context, type_v);
    FIELD("CONTEXT_EMBEDDINGS", context, embeddings);
    FIELD("CONTEXT_OFFLOAD", context, offload_kqv);
    FIELD("CONTEXT_NO_PERF", context, no_perf);
    FIELD("CONTEXT_SWA_FULL", context, swa_full);
    FIELD("CONTEXT_UNIFIED", context, kv_unified);
    printf("\n");
    SIZE("BATCH", batch);
    FIELD("BATCH_COUNT", batch, n_tokens);
    FIELD("BATCH_TOKEN", batch, token);
    FIELD("BATCH_POSITION", batch, pos);
    FIELD("BATCH_SEQUENCE_COUNT", batch, n_seq_id);
    FIELD("BATCH_SEQUENCE", batch, seq_id);
    FIELD("BATCH_OUTPUT", batch, logits);
    printf("\n");
    SIZE("INIT", init);
    FIELD("INIT_BYTES", init, mem_size);
    printf("\n");
    SIZE("POOL", pool);
    FIELD("POOL_POLL", pool, poll);
    printf("\n");
    SIZE("TENSOR", tensor);
    FIELD("TENSOR_TYPE", tensor, type);
    FIELD("TENSOR_BUFFER", tensor, buffer);
    FIELD("TENSOR_ELEMENTS", tensor, ne);
    FIELD("TENSOR_STRIDES", tensor, nb);
    FIELD("TENSOR_PARAMETERS", tensor, op_params);
    FIELD("TENSOR_SOURCES", tensor, src);
    FIELD("TENSOR_VIEW_SOURCE", tensor, view_src);
    FIELD("TENSOR_VIEW_OFFSET", tensor, view_offs);
    FIELD("TENSOR_NAME", tensor, name);
    NUMBER("TENSOR_DIMENSIONS", GGML_MAX_DIMS);
    NUMBER("TENSOR_MOST_SOURCES", GGML_MAX_SRC);
    NUMBER("TENSOR_NAME_BYTES", GGML_MAX_NAME);
    NUMBER("TYPE_F32", GGML_TYPE_F32);
    NUMBER("TYPE_F16", GGML_TYPE_F16);
    printf("\n  private Layouts() {}\n}\n");
    return 0;
}
