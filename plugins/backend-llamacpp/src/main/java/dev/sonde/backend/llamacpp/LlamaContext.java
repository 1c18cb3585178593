package dev.sonde.backend.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sonde.api.ModelUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Keys and values of some sequences, each in a room of its own ({@code kv_unified} off: what one is
 * computed with does not depend on the others), and the pass over them.
 */
final class LlamaContext implements AutoCloseable {
  /** llama.cpp rounds the room of a sequence up to this. */
  private static final int PAD = 256;

  private final LlamaLibrary library;
  private final Shape shape;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment pointer;
  private final MemorySegment memory;
  private final MethodHandle clear;
  private final MethodHandle remove;
  private final MethodHandle copy;
  private Tap tap = Tap.NONE;
  private Optional<Throwable> failure = Optional.empty();
  private float[] steered = {};

  /**
   * What a context has room for.
   *
   * @param tokens of one sequence
   * @param sequences at once
   * @param batch tokens of one pass
   * @param halves whether keys and values are kept in float16
   */
  record Shape(int tokens, int sequences, int batch, boolean halves) {
    Shape {
      tokens = (tokens + PAD - 1) / PAD * PAD;
    }

    boolean holds(Shape needed) {
      return tokens >= needed.tokens
          && sequences >= needed.sequences
          && batch >= needed.batch
          && halves == needed.halves;
    }
  }

  /** What looks at nodes of the graph. Called on the thread that decodes. */
  interface Tap {
    /** Looks at nothing. */
    Tap NONE =
        new Tap() {
          @Override
          public boolean wants(GraphNode node) {
            return false;
          }

          @Override
          public boolean take(GraphNode node) {
            return true;
          }
        };

    /** Whether a node is to be shown once it is computed; asked of every node, in their order. */
    boolean wants(GraphNode node);

    /** Is shown a node; false ends the pass. */
    boolean take(GraphNode node);
  }

  /**
   * Some consecutive tokens of a sequence.
   *
   * @param sequence its room
   * @param position of the first
   * @param tokens their ids
   * @param outputs per token, whether it goes through the end of the last block
   */
  record Part(int sequence, int position, int[] tokens, boolean[] outputs) {}

  LlamaContext(LlamaModel model, Shape shape, int threads, Optional<ThreadPool> pool) {
    this.library = model.library();
    this.shape = shape;
    this.clear = library.handle("llama_memory_clear", null, ADDRESS, JAVA_BOOLEAN);
    this.remove =
        library.handle("llama_memory_seq_rm", JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    this.copy =
        library.handle(
            "llama_memory_seq_cp", null, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    MemorySegment parameters = parameters(threads);
    MethodHandle init =
        library.handle("llama_init_from_model", ADDRESS, ADDRESS, LlamaLibrary.CONTEXT);
    this.pointer =
        Foreign.call(() -> (MemorySegment) init.invokeExact(model.pointer(), parameters));
    if (pointer.address() == 0) {
      arena.close();
      throw new ModelUnavailableException(
          "llama.cpp cannot make room for %d sequences of %d tokens%s"
              .formatted(shape.sequences(), shape.tokens(), library.lastError()));
    }
    pool.ifPresent(each -> each.attach(pointer));
    MethodHandle ofContext = library.handle("llama_get_memory", ADDRESS, ADDRESS);
    this.memory = Foreign.call(() -> (MemorySegment) ofContext.invokeExact(pointer));
  }

  private MemorySegment parameters(int threads) {
    MemorySegment parameters = library.contextDefaults(arena);
    parameters.set(JAVA_INT, Layouts.CONTEXT_TOKENS, shape.tokens() * shape.sequences());
    parameters.set(JAVA_INT, Layouts.CONTEXT_BATCH, shape.batch());
    parameters.set(JAVA_INT, Layouts.CONTEXT_UBATCH, shape.batch());
    parameters.set(JAVA_INT, Layouts.CONTEXT_SEQUENCES, shape.sequences());
    parameters.set(JAVA_INT, Layouts.CONTEXT_OUTPUTS_PER_SEQUENCE, 0);
    parameters.set(JAVA_INT, Layouts.CONTEXT_THREADS, threads);
    parameters.set(JAVA_INT, Layouts.CONTEXT_THREADS_BATCH, threads);
    parameters.set(JAVA_INT, Layouts.CONTEXT_FLASH, 0); // scores and patterns are nodes then
    int type = shape.halves() ? Layouts.TYPE_F16 : Layouts.TYPE_F32;
    parameters.set(JAVA_INT, Layouts.CONTEXT_TYPE_K, type);
    parameters.set(JAVA_INT, Layouts.CONTEXT_TYPE_V, type);
    parameters.set(JAVA_BYTE, Layouts.CONTEXT_SWA_FULL, (byte) 1);
    parameters.set(JAVA_BYTE, Layouts.CONTEXT_UNIFIED, (byte) 0);
    MethodHandle target =
        Foreign.call(
            () ->
                MethodHandles.lookup()
                    .bind(
                        this,
                        "evaluate",
                        MethodType.methodType(
                            boolean.class,
                            MemorySegment.class,
                            boolean.class,
                            MemorySegment.class)));
    parameters.set(ADDRESS, Layouts.CONTEXT_CALLBACK, library.callback(target, arena));
    return parameters;
  }

  Shape shape() {
    return shape;
  }

  /** Called for every node; nothing may be thrown into the library. */
  @SuppressWarnings({"unused", "PMD.AvoidCatchingThrowable"})
  private boolean evaluate(MemorySegment tensor, boolean asks, MemorySegment user) {
    if (failure.isPresent() || tap == Tap.NONE) {
      return false;
    }
    try {
      GraphNode node = GraphNode.of(tensor);
      return asks ? tap.wants(node) : tap.take(node);
    } catch (Throwable e) {
      failure = Optional.of(e);
      return false;
    }
  }

  /**
   * Runs some parts in one pass: as many tokens of each, of rooms that follow each other, so that
   * llama.cpp cuts nothing.
   */
  void decode(List<Part> parts, Tap looking) {
    int each = parts.getFirst().tokens().length;
    int count = each * parts.size();
    check(parts, each, count);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment batch = batch(call, parts, count);
      tap = looking;
      int code = library.decode(pointer, batch);
      tap = Tap.NONE;
      Optional<Throwable> thrown = failure;
      failure = Optional.empty();
      if (thrown.isPresent()) {
        Throwable e = thrown.get();
        if (e instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        if (e instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException(e);
      }
      if (code != 0) {
        throw new IllegalStateException(
            "llama_decode of %d tokens gave %d%s".formatted(count, code, library.lastError()));
      }
    }
  }

  /** What llama.cpp would end the process for. */
  private void check(List<Part> parts, int each, int count) {
    if (count == 0 || count > shape.batch()) {
      throw new IllegalArgumentException(
          "%d tokens for a batch of %d".formatted(count, shape.batch()));
    }
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.tokens().length != each
          || part.sequence() != parts.getFirst().sequence() + i
          || part.sequence() >= shape.sequences()
          || part.position() + each > shape.tokens()) {
        throw new IllegalArgumentException(
            "tokens %d to %d of room %d do not fit %s"
                .formatted(part.position(), part.position() + each, part.sequence(), shape));
      }
    }
  }

  private static MemorySegment batch(Arena call, List<Part> parts, int count) {
    MemorySegment token = call.allocate(JAVA_INT, count);
    MemorySegment position = call.allocate(JAVA_INT, count);
    MemorySegment rooms = call.allocate(JAVA_INT, count);
    MemorySegment room = call.allocate(JAVA_INT, count);
    MemorySegment pointers = call.allocate(ADDRESS, count);
    MemorySegment output = call.allocate(count);
    int at = 0;
    for (Part part : parts) {
      for (int i = 0; i < part.tokens().length; i++, at++) {
        token.setAtIndex(JAVA_INT, at, part.tokens()[i]);
        position.setAtIndex(JAVA_INT, at, part.position() + i);
        rooms.setAtIndex(JAVA_INT, at, 1);
        room.setAtIndex(JAVA_INT, at, part.sequence());
        pointers.setAtIndex(ADDRESS, at, room.asSlice((long) at * Integer.BYTES));
        output.set(JAVA_BYTE, at, (byte) (part.outputs()[i] ? 1 : 0));
      }
    }
    MemorySegment batch = call.allocate(LlamaLibrary.BATCH);
    batch.set(JAVA_INT, Layouts.BATCH_COUNT, count);
    batch.set(ADDRESS, Layouts.BATCH_TOKEN, token);
    batch.set(ADDRESS, Layouts.BATCH_POSITION, position);
    batch.set(ADDRESS, Layouts.BATCH_SEQUENCE_COUNT, rooms);
    batch.set(ADDRESS, Layouts.BATCH_SEQUENCE, pointers);
    batch.set(ADDRESS, Layouts.BATCH_OUTPUT, output);
    return batch;
  }

  /** The logits of a token of the last pass that was an output, by its place in the pass. */
  float[] logits(int token, int vocabulary) {
    MemorySegment row = library.logits(pointer, token);
    if (row.address() == 0) {
      throw new IllegalStateException("llama.cpp has no logits of token " + token);
    }
    return row.reinterpret((long) vocabulary * Float.BYTES).toArray(JAVA_FLOAT);
  }

  /**
   * Has llama.cpp add a control vector in every pass that follows.
   *
   * @param vector {@code [blocks - 1, width]}, from the second block on; of length 0 for none
   */
  void steer(float[] vector, int width) {
    if (Arrays.equals(vector, steered)) {
      return;
    }
    MethodHandle set =
        library.handle(
            "llama_set_adapter_cvec",
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment data =
          vector.length == 0 ? MemorySegment.NULL : call.allocateFrom(JAVA_FLOAT, vector);
      int last = vector.length / width;
      int code =
          Foreign.call(
              () -> (int) set.invokeExact(pointer, data, (long) vector.length, width, 1, last));
      if (code != 0) {
        throw new IllegalStateException(
            "llama_set_adapter_cvec gave %d%s".formatted(code, library.lastError()));
      }
    }
    steered = vector.clone();
  }

  /** Has so many threads compute. */
  void useThreads(int count) {
    MethodHandle set = library.handle("llama_set_n_threads", null, ADDRESS, JAVA_INT, JAVA_INT);
    Foreign.run(
        () -> {
          set.invokeExact(pointer, count, count);
        });
  }

  /** Forgets everything. */
  void clear() {
    Foreign.run(
        () -> {
          clear.invokeExact(memory, true);
        });
  }

  /**
   * Forgets the tokens of a sequence from one on.
   *
   * @return false if this model keeps a state that cannot be cut; then all of it is forgotten
   */
  boolean cut(int sequence, int from) {
    boolean done = Foreign.call(() -> (boolean) remove.invokeExact(memory, sequence, from, -1));
    if (!done) {
      Foreign.call(() -> (boolean) remove.invokeExact(memory, sequence, -1, -1));
    }
    return done;
  }

  /** Gives a sequence all that another has. */
  void copy(int from, int to) {
    Foreign.call(() -> (boolean) remove.invokeExact(memory, to, -1, -1));
    Foreign.run(
        () -> {
          copy.invokeExact(memory, from, to, -1, -1);
        });
  }

  @Override
  public void close() {
    MethodHandle free = library.handle("llama_free", null, ADDRESS);
    Foreign.run(
        () -> {
          free.invokeExact(pointer);
        });
    arena.close();
  }
}
