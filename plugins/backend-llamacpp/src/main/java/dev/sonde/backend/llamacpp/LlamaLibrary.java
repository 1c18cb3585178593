package dev.sonde.backend.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sonde.api.ModelUnavailableException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The functions of llama.cpp and ggml that are called. The library stays loaded until the process
 * ends: ggml keeps its devices in variables of its own.
 */
final class LlamaLibrary {
  private static final System.Logger LOG = System.getLogger(LlamaLibrary.class.getName());

  /** Severities of ggml's log. */
  private static final int WARNING = 3;

  private static final int ERROR = 4;

  static final MemoryLayout MODEL = block(Layouts.MODEL_SIZE);
  static final MemoryLayout CONTEXT = block(Layouts.CONTEXT_SIZE);
  static final MemoryLayout BATCH = block(Layouts.BATCH_SIZE);

  /** With room for the structs of any version, whose defaults are looked at. */
  static final MemoryLayout ANY_VERSION = block(1 << 12);

  private static final MemoryLayout INIT = block(Layouts.INIT_SIZE);

  private final Linker linker = Linker.nativeLinker();
  private final Path folder;
  private final SymbolLookup symbols;
  private final AtomicReference<String> lastError = new AtomicReference<>("");
  private final MethodHandle decode;
  private final MethodHandle logits;
  private final MethodHandle describe;
  private final MethodHandle get;
  private final MethodHandle set;

  private LlamaLibrary(Path folder) {
    this.folder = folder;
    SymbolLookup found = SymbolLookup.libraryLookup(file("libllama.", "llama."), Arena.global());
    found = found.or(SymbolLookup.libraryLookup(file("libggml.", "ggml."), Arena.global()));
    this.symbols =
        found.or(SymbolLookup.libraryLookup(file("libggml-base", "ggml-base"), Arena.global()));
    this.decode = handle("llama_decode", JAVA_INT, ADDRESS, BATCH);
    this.logits = handle("llama_get_logits_ith", ADDRESS, ADDRESS, JAVA_INT);
    this.describe = handle("ggml_op_desc", ADDRESS, ADDRESS);
    this.get = handle("ggml_backend_tensor_get", null, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    this.set = handle("ggml_backend_tensor_set", null, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
  }

  private static MemoryLayout block(long bytes) {
    return MemoryLayout.structLayout(MemoryLayout.sequenceLayout(bytes / Long.BYTES, JAVA_LONG));
  }

  /**
   * Loads the library of a folder.
   *
   * @throws ModelUnavailableException if it is not there, cannot be loaded, or lays out its structs
   *     otherwise than the build that this backend was made for
   */
  static LlamaLibrary load(Path folder) {
    LlamaLibrary library;
    try {
      library = new LlamaLibrary(folder);
    } catch (IllegalArgumentException e) {
      throw new ModelUnavailableException(
          "the library of llama.cpp in %s cannot be loaded: %s".formatted(folder, e.getMessage()),
          e);
    }
    LayoutCheck.check(library);
    library.quiet();
    library.findDevices();
    return library;
  }

  private Path file(String... beginnings) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(path -> isLibrary(String.valueOf(path.getFileName()), beginnings))
          .sorted()
          .findFirst()
          .orElseThrow(
              () ->
                  new ModelUnavailableException(
                      "%s holds no %s*".formatted(folder, beginnings[0])));
    } catch (IOException e) {
      throw new ModelUnavailableException("%s cannot be read".formatted(folder), e);
    }
  }

  private static boolean isLibrary(String name, String... beginnings) {
    return Stream.of(beginnings).anyMatch(name::startsWith)
        && (name.contains(".so") || name.endsWith(".dylib") || name.endsWith(".dll"));
  }

  /** A function. */
  MethodHandle handle(String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
    MemorySegment symbol =
        symbols
            .find(name)
            .orElseThrow(
                () ->
                    new ModelUnavailableException(
                        "the library of llama.cpp in %s has no function %s; %s is needed"
                            .formatted(folder, name, Layouts.VERSION)));
    return linker.downcallHandle(symbol, type(result, arguments));
  }

  /** The version that the library names, or what stands for one. */
  String version() {
    Optional<MemorySegment> symbol = symbols.find("llama_version");
    if (symbol.isEmpty()) {
      return "before 0.4.0";
    }
    MethodHandle version = linker.downcallHandle(symbol.get(), FunctionDescriptor.of(ADDRESS));
    return Foreign.text(Foreign.call(() -> (MemorySegment) version.invokeExact()));
  }

  Path folder() {
    return folder;
  }

  /** Messages go to the log of Java; those below a warning nowhere. */
  private void quiet() {
    FunctionDescriptor type = FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS);
    MethodHandle target =
        Foreign.call(() -> MethodHandles.lookup().bind(this, "message", type.toMethodType()));
    MemorySegment stub = linker.upcallStub(target, type, Arena.global());
    for (String setter : List.of("llama_log_set", "ggml_log_set")) {
      MethodHandle set = handle(setter, null, ADDRESS, ADDRESS);
      Foreign.run(
          () -> {
            set.invokeExact(stub, MemorySegment.NULL);
          });
    }
  }

  @SuppressWarnings("unused") // called by the library
  private void message(int level, MemorySegment text, MemorySegment user) {
    if (level == WARNING || level == ERROR) {
      String message = Foreign.text(text).strip();
      LOG.log(System.Logger.Level.DEBUG, message);
      if (level == ERROR && !message.isEmpty()) {
        lastError.compareAndSet("", message); // the first says why
      }
    }
  }

  /**
   * What the library said first since it was last asked, to stand behind a message; empty if
   * nothing.
   */
  String lastError() {
    String message = lastError.getAndSet("");
    return message.isEmpty() ? "" : ": " + message;
  }

  /** Has ggml choose among the libraries beside it, once a process. */
  private void findDevices() {
    MethodHandle count = handle("ggml_backend_dev_count", JAVA_LONG);
    if (Foreign.call(() -> (long) count.invokeExact()) == 0) {
      MethodHandle load = handle("ggml_backend_load_all_from_path", null, ADDRESS);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment path = arena.allocateFrom(folder.toString());
        Foreign.run(
            () -> {
              load.invokeExact(path);
            });
      }
    }
    MethodHandle init = handle("llama_backend_init", null);
    Foreign.run(
        () -> {
          init.invokeExact();
        });
  }

  /** The devices that ggml found, by address and name, the processor among them. */
  List<Device> devices() {
    MethodHandle count = handle("ggml_backend_dev_count", JAVA_LONG);
    MethodHandle at = handle("ggml_backend_dev_get", ADDRESS, JAVA_LONG);
    MethodHandle name = handle("ggml_backend_dev_name", ADDRESS, ADDRESS);
    List<Device> devices = new ArrayList<>();
    long all = Foreign.call(() -> (long) count.invokeExact());
    for (long i = 0; i < all; i++) {
      long index = i;
      MemorySegment device = Foreign.call(() -> (MemorySegment) at.invokeExact(index));
      String named = Foreign.text(Foreign.call(() -> (MemorySegment) name.invokeExact(device)));
      devices.add(new Device(device, named));
    }
    return devices;
  }

  /** A device by the name that ggml gives it, such as {@code CPU} or {@code Vulkan0}. */
  record Device(MemorySegment pointer, String name) {}

  /** A function of the processor's own library, which ggml has chosen by what the processor can. */
  Optional<MethodHandle> ofProcessor(
      String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
    MethodHandle registry = handle("ggml_backend_dev_backend_reg", ADDRESS, ADDRESS);
    MethodHandle find = handle("ggml_backend_reg_get_proc_address", ADDRESS, ADDRESS, ADDRESS);
    Optional<Device> processor = devices().stream().filter(d -> d.name().equals("CPU")).findFirst();
    if (processor.isEmpty()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment device = processor.get().pointer();
      MemorySegment owner = Foreign.call(() -> (MemorySegment) registry.invokeExact(device));
      MemorySegment text = arena.allocateFrom(name);
      MemorySegment found = Foreign.call(() -> (MemorySegment) find.invokeExact(owner, text));
      return found.address() == 0
          ? Optional.empty()
          : Optional.of(linker.downcallHandle(found, type(result, arguments)));
    }
  }

  private static FunctionDescriptor type(@Nullable MemoryLayout result, MemoryLayout... arguments) {
    return result == null
        ? FunctionDescriptor.ofVoid(arguments)
        : FunctionDescriptor.of(result, arguments);
  }

  /** The defaults of a model. */
  MemorySegment modelDefaults(Arena arena) {
    return defaults("llama_model_default_params", MODEL, arena);
  }

  /** The defaults of a context. */
  MemorySegment contextDefaults(Arena arena) {
    return defaults("llama_context_default_params", CONTEXT, arena);
  }

  /**
   * A struct of defaults, written by the library.
   *
   * @param layout with room for what is written
   */
  MemorySegment defaults(String function, MemoryLayout layout, Arena arena) {
    MethodHandle defaults = handle(function, layout);
    return Foreign.call(() -> (MemorySegment) defaults.invokeExact((SegmentAllocator) arena));
  }

  /** A context of ggml's own with room for some tensors, to be freed by {@link #freeTensors}. */
  MemorySegment tensors(Arena arena, long bytes) {
    MethodHandle init = handle("ggml_init", ADDRESS, INIT);
    MemorySegment parameters = arena.allocate(INIT);
    parameters.set(JAVA_LONG, Layouts.INIT_BYTES, bytes);
    return Foreign.call(() -> (MemorySegment) init.invokeExact(parameters));
  }

  void freeTensors(MemorySegment tensors) {
    MethodHandle free = handle("ggml_free", null, ADDRESS);
    Foreign.run(
        () -> {
          free.invokeExact(tensors);
        });
  }

  /** Runs a batch; 0 where that went well. */
  int decode(MemorySegment context, MemorySegment batch) {
    return Foreign.call(() -> (int) decode.invokeExact(context, batch));
  }

  /** The logits of one of the tokens of the last batch that were asked for. */
  MemorySegment logits(MemorySegment context, int token) {
    return Foreign.call(() -> (MemorySegment) logits.invokeExact(context, token));
  }

  /** The name of the operation that makes a node. */
  String operation(MemorySegment tensor) {
    return Foreign.text(Foreign.call(() -> (MemorySegment) describe.invokeExact(tensor)));
  }

  /** Copies bytes of a tensor from wherever it lies. */
  void get(MemorySegment tensor, MemorySegment into, long from, long bytes) {
    Foreign.run(
        () -> {
          get.invokeExact(tensor, into, from, bytes);
        });
  }

  /** Copies bytes into a tensor. */
  void set(MemorySegment tensor, MemorySegment bytes, long from, long count) {
    Foreign.run(
        () -> {
          set.invokeExact(tensor, bytes, from, count);
        });
  }

  /** A callback of a graph's evaluation: {@code (tensor, ask, user) → boolean}. */
  MemorySegment callback(MethodHandle target, Arena arena) {
    return linker.upcallStub(
        target, FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_BOOLEAN, ADDRESS), arena);
  }
}
