package dev.sonde.backend.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sonde.api.ModelUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The weights of a file, as llama.cpp has loaded them. */
final class LlamaModel implements AutoCloseable {
  /** On a device that is not the processor, all blocks run there. */
  private static final int ALL_LAYERS = -1;

  private final LlamaLibrary library;
  private final MemorySegment pointer;

  private LlamaModel(LlamaLibrary library, MemorySegment pointer) {
    this.library = library;
    this.pointer = pointer;
  }

  /**
   * Loads a file. Its tokenizer is left out: Sonde has its own, and a file whose way of splitting
   * texts llama.cpp does not know is opened all the same.
   *
   * @param file which our own reader has checked
   * @param architecture as it names it
   * @param vocabulary how many token ids there are
   * @param device where it runs
   * @throws ModelUnavailableException if llama.cpp refuses it
   */
  static LlamaModel load(
      LlamaLibrary library, Path file, String architecture, int vocabulary, LlamaDevice device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = library.modelDefaults(arena);
      parameters.set(ADDRESS, Layouts.MODEL_DEVICES, device.list(library, arena));
      parameters.set(JAVA_INT, Layouts.MODEL_GPU_LAYERS, device.isProcessor() ? 0 : ALL_LAYERS);
      // Mapped, a file would stay resident beside what is laid out anew of it for the processor.
      parameters.set(JAVA_INT, Layouts.MODEL_LOAD_MODE, Layouts.LOAD_MODE_NONE);
      MemorySegment overrides = arena.allocate(3 * Layouts.OVERRIDE_SIZE, Long.BYTES);
      override(overrides, "tokenizer.ggml.model", Layouts.OVERRIDE_TEXT)
          .setString(Layouts.OVERRIDE_VALUE, "no_vocab");
      override(
              overrides.asSlice(Layouts.OVERRIDE_SIZE),
              architecture + ".vocab_size",
              Layouts.OVERRIDE_INTEGER)
          .set(JAVA_LONG, Layouts.OVERRIDE_VALUE, vocabulary);
      parameters.set(ADDRESS, Layouts.MODEL_OVERRIDES, overrides);
      MethodHandle load =
          library.handle("llama_model_load_from_file", ADDRESS, ADDRESS, LlamaLibrary.MODEL);
      MemorySegment name = arena.allocateFrom(file.toString());
      MemorySegment model = Foreign.call(() -> (MemorySegment) load.invokeExact(name, parameters));
      if (model.address() == 0) {
        throw new ModelUnavailableException(
            "%s: llama.cpp %s does not load this file of architecture '%s'%s"
                .formatted(file, Layouts.VERSION, architecture, library.lastError()));
      }
      return new LlamaModel(library, model);
    }
  }

  private static MemorySegment override(MemorySegment at, String key, int tag) {
    at.set(JAVA_INT, Layouts.OVERRIDE_TAG, tag);
    at.setString(Layouts.OVERRIDE_KEY, key);
    return at;
  }

  LlamaLibrary library() {
    return library;
  }

  MemorySegment pointer() {
    return pointer;
  }

  @Override
  public void close() {
    MethodHandle free = library.handle("llama_model_free", null, ADDRESS);
    Foreign.run(
        () -> {
          free.invokeExact(pointer);
        });
  }
}
