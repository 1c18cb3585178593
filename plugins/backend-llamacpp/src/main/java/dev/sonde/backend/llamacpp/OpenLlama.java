package dev.sonde.backend.llamacpp;

import java.nio.file.Path;
import java.util.Optional;

/** A model once its weights are loaded: its rooms for keys and values, and where its points lie. */
final class OpenLlama implements AutoCloseable {
  /** Bytes of the logits of one pass. */
  private static final long LOGIT_BYTES = 128L << 20;

  private static final int MOST_BATCH = 512;

  /** Threads wait for each other at every node; with fewer bytes of weights that takes longer. */
  private static final long WORTH_THREADS = 4L << 20;

  private final LlamaLibrary library;
  private final LlamaModel model;
  private final GgufModelFile file;
  private final Options options;
  private final int threads;
  private final SiteMap sites;
  private final ControlVectors vectors;
  private final int running;
  private final Optional<ThreadPool> pool;
  private LlamaContext single;
  private Optional<Rooms> many = Optional.empty();
  private Object holderOfRoom = this;
  private Object holderOfRooms = this;

  /** Loads a model. */
  OpenLlama(Path folder, GgufModelFile file, Options options, int threads) {
    this.library = LlamaLibrary.load(folder);
    this.file = file;
    this.options = options;
    this.threads = file.weightBytes() < WORTH_THREADS ? 1 : threads;
    this.model =
        LlamaModel.load(
            library, file.path(), file.architecture(), file.vocabulary(), options.device());
    this.pool = ThreadPool.of(library, this.threads);
    this.single = new LlamaContext(model, shape(1, 1), this.threads, pool);
    this.sites = SiteMap.of(single, library, file);
    this.vectors = new ControlVectors(library, sites, file.numbers().width(), file.vocabulary());
    this.running = faster(single);
    single.useThreads(running);
  }

  /**
   * One thread or all: llama.cpp's threads wait for each other in loops at every node, so that on a
   * machine that is busy otherwise one alone is faster. What is computed is the same.
   */
  private int faster(LlamaContext context) {
    if (threads == 1) {
      return 1;
    }
    long alone = time(context, 1);
    return time(context, threads) < alone ? threads : 1;
  }

  /** Nanoseconds of a pass over two tokens. */
  private static long time(LlamaContext context, int threads) {
    context.useThreads(threads);
    long start = System.nanoTime();
    SiteMap.probe(context, LlamaContext.Tap.NONE);
    return System.nanoTime() - start;
  }

  private LlamaContext.Shape shape(int tokens, int sequences) {
    return new LlamaContext.Shape(
        tokens, sequences, batchTokens(file.vocabulary()), options.halfCache());
  }

  /** Most tokens of one pass: their logits, which llama.cpp makes room for, are bounded. */
  static int batchTokens(int vocabulary) {
    long fitting = LOGIT_BYTES / ((long) vocabulary * Float.BYTES);
    return Math.clamp(fitting, 16, MOST_BATCH);
  }

  /** A room for one sequence, of at least so many tokens. */
  void makeRoom(int tokens) {
    LlamaContext.Shape needed = shape(tokens, 1);
    if (!single.shape().holds(needed)) {
      single.close();
      single = new LlamaContext(model, needed, running, pool);
    }
  }

  /** The room for one sequence. */
  LlamaContext room() {
    return single;
  }

  /**
   * Gives the room for one sequence to who asks.
   *
   * @return whether it still holds what they left there
   */
  boolean takeRoom(Object asks) {
    boolean same = holderOfRoom == asks;
    holderOfRoom = asks;
    return same;
  }

  /**
   * Rooms for several sequences of at least so many tokens; they hold what they held, and belong to
   * who asked last.
   */
  Rooms rooms(int tokens, int sequences, Object asks) {
    holderOfRooms = asks;
    LlamaContext.Shape needed = shape(tokens, sequences);
    if (many.filter(rooms -> rooms.context().shape().holds(needed)).isEmpty()) {
      many.ifPresent(rooms -> rooms.context().close());
      many = Optional.empty();
      many = Optional.of(new Rooms(new LlamaContext(model, needed, running, pool)));
    }
    return many.get();
  }

  /**
   * Makes sure that nobody else has the rooms for several sequences by now.
   *
   * @throws IllegalStateException if somebody has
   */
  void requireRooms(Object asks) {
    if (holderOfRooms != asks) {
      throw new IllegalStateException(
          "other generations of this model were begun, or it was closed; take one stream to its end before the next");
    }
  }

  /** Forgets what generations left behind. */
  void forget() {
    many.ifPresent(Rooms::clear);
  }

  LlamaLibrary library() {
    return library;
  }

  SiteMap sites() {
    return sites;
  }

  ControlVectors vectors() {
    return vectors;
  }

  int vocabulary() {
    return file.vocabulary();
  }

  GgufModelFile file() {
    return file;
  }

  @Override
  public void close() {
    holderOfRoom = this;
    holderOfRooms = this;
    single.close();
    many.ifPresent(rooms -> rooms.context().close());
    pool.ifPresent(ThreadPool::close);
    model.close();
  }
}
