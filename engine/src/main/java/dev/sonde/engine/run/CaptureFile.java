package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Reduction;
import dev.sonde.api.model.Selector;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Needs;
import dev.sonde.engine.data.Dataset;
import dev.sonde.engine.data.Studies;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plan.Cost;
import dev.sonde.engine.plan.Plan;
import dev.sonde.engine.plan.TokenRows;
import dev.sonde.engine.plan.Truncation;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.Capture;
import dev.sonde.engine.store.RowLayout;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Activations as a safetensors file: one float32 tensor per hook point, its rows in file order, and
 * beside them {@code token_ids} (of all rows, one after the other), {@code offsets} (where each
 * row's tokens begin), and per activation row {@code row_ids} (the 0-based row) and {@code
 * positions} (its token; −1 for a reduction over tokens). Where prompts were cut there is also
 * {@code truncated}: how many tokens each row lost.
 */
public final class CaptureFile {
  private static final String TRUNCATED = "truncated";
  private static final String ENDING = ".safetensors";
  private static final long SHARD_BYTES = 2L << 30;

  private final Folders folders;
  private final PluginRegistry plugins;
  private final Progress progress;

  /** A writer of capture files. */
  public CaptureFile(Folders folders, PluginRegistry plugins, Progress progress) {
    this.folders = folders;
    this.plugins = plugins;
    this.progress = progress;
  }

  /**
   * Captures and writes.
   *
   * @param experiment model and data
   * @param request what to read; names appear in the file as they are written here
   * @param out a file that ends in {@code .safetensors}
   * @param overwrite whether it may exist
   */
  public void write(Experiment experiment, CaptureRequest request, Path out, boolean overwrite) {
    String name = String.valueOf(out.getFileName());
    if (!name.endsWith(ENDING)) {
      throw new InvalidInputException("--out %s: the name must end in %s".formatted(out, ENDING));
    }
    Path folder = out.toAbsolutePath().resolveSibling("");
    String stem = name.substring(0, name.length() - ENDING.length());
    Dataset data =
        new Studies(plugins).open("data", experiment.data().file(), experiment.data().config());
    try (OpenModel model = Fetching.models(plugins, folders, progress).open(experiment.model());
        ActivationStore store = ActivationStore.open(folders.activations())) {
      model.info().notes().forEach(progress::warning);
      Study study = data.study(model::render);
      Needs needs = Needs.builder().capture(request).build();
      Truncation truncation = Truncation.of(experiment.data().config());
      Plan plan = Plan.of(model, study, List.of(needs), truncation);
      Capture capture = new Capture(store, model, plan.rows().ids());
      requireRoom(plan, capture, folder);
      plan.rows().remark().ifPresent(progress::warning);
      prepareOutput(folder, stem, overwrite);
      capture.ensure(plan.reads(), (done, total) -> progress.at("capturing", done, total));
      write(folder, stem, request, plan, capture);
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: cannot be written: %s; free space, or name another file"
              .formatted(out, e.getMessage()),
          e);
    }
  }

  private void requireRoom(Plan plan, Capture capture, Path folder) {
    ModelInfo info = plan.model().info();
    Cost cost = Cost.of(plan, capture);
    long rows = 0;
    for (Read read : plan.reads()) {
      rows += Cost.bytes(info, read, plan.rows().ids());
    }
    Room.here(folders)
        .require(
            new Room.Demand(
                cost.requests() > 0 ? List.of(info) : List.of(),
                List.of(),
                folders.activations(),
                cost.storeBytes(),
                folder,
                rows));
  }

  private static void prepareOutput(Path folder, String stem, boolean overwrite)
      throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> belongsTo(f, stem)).toList()) {
        if (!overwrite) {
          throw new InvalidInputException(file + " exists already; use --overwrite");
        }
        Files.delete(file);
      }
    }
  }

  private static boolean belongsTo(Path file, String stem) {
    String name = String.valueOf(file.getFileName());
    return name.equals(stem + ENDING)
        || name.equals(stem + ENDING + ".index.json")
        || (name.startsWith(stem + "-") && name.matches(".*-\\d{5}-of-\\d{5}\\.safetensors"));
  }

  private static void write(
      Path folder, String stem, CaptureRequest request, Plan plan, Capture capture)
      throws IOException {
    OpenModel model = plan.model();
    List<int[]> tokens = plan.rows().ids();
    Map<String, Read> reads = byRequestedName(model, request);
    Read any = reads.values().iterator().next();
    RowLayout layout = RowLayout.of(any, tokens);
    long allTokens = tokens.stream().mapToLong(t -> t.length).sum();
    List<SafetensorsWriter.Slot> slots = new ArrayList<>();
    reads.forEach(
        (name, read) ->
            slots.add(
                new SafetensorsWriter.Slot(
                    name, DType.F32, List.of(layout.rows(), (long) capture.width(read)))));
    slots.add(integers("token_ids", allTokens));
    slots.add(integers("offsets", tokens.size() + 1L));
    slots.add(integers("row_ids", layout.rows()));
    slots.add(integers("positions", layout.rows()));
    if (plan.rows().truncated() > 0) {
      slots.add(integers(TRUNCATED, tokens.size()));
    }
    try (Arena arena = Arena.ofConfined()) {
      Map<String, MemorySegment> cells =
          SafetensorsWriter.createSharded(
              folder, stem, slots, metadata(model, request), SHARD_BYTES, arena);
      cells.forEach(
          (name, segment) -> {
            Read read = reads.get(name);
            if (read == null) {
              fillIntegers(name, segment, plan.rows(), any);
            } else {
              capture.copyTo(read, segment);
            }
          });
    }
  }

  /** Patterns expanded; a point keeps the name it was asked for by. */
  private static Map<String, Read> byRequestedName(OpenModel model, CaptureRequest request) {
    Map<String, Read> reads = new LinkedHashMap<>();
    for (String pattern : request.points()) {
      model
          .named(pattern)
          .forEach(
              (name, point) ->
                  reads.put(name, Read.of(point, request.selector()).reduce(request.reduction())));
    }
    return reads;
  }

  private static SafetensorsWriter.Slot integers(String name, long count) {
    return new SafetensorsWriter.Slot(name, DType.I64, List.of(count));
  }

  private static Map<String, String> metadata(OpenModel model, CaptureRequest request) {
    ModelInfo info = model.info();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "sonde-capture-1");
    metadata.put("model", info.contentHash());
    metadata.put("reference", model.reference().name());
    metadata.put("architecture", info.architecture());
    metadata.put("backend", model.backendName());
    metadata.put("dtype", info.dtype());
    metadata.put("tokens", request.selector() + "/" + request.reduction());
    return metadata;
  }

  private static void fillIntegers(String name, MemorySegment segment, TokenRows rows, Read read) {
    List<int[]> tokens = rows.ids();
    long next = 0;
    for (int row = 0; row < tokens.size(); row++) {
      int[] ids = tokens.get(row);
      switch (name) {
        case "offsets" -> {
          put(segment, row, next);
          next += ids.length;
        }
        case TRUNCATED -> put(segment, row, rows.cut()[row]);
        case "token_ids" -> {
          for (int id : ids) {
            put(segment, next++, id);
          }
        }
        default -> {
          for (int position : positions(read, ids.length)) {
            put(segment, next++, name.equals("row_ids") ? row : position);
          }
        }
      }
    }
    if (name.equals("offsets")) {
      put(segment, tokens.size(), next);
    }
  }

  private static void put(MemorySegment segment, long index, long value) {
    segment.setAtIndex(ValueLayout.JAVA_LONG, index, value);
  }

  /** The tokens whose rows a read gives for a sequence of some length. */
  private static int[] positions(Read read, int length) {
    if (read.reduction() != Reduction.NONE) {
      return new int[] {-1};
    }
    Selector selector = read.selector();
    return switch (selector.kind()) {
      case LAST -> new int[] {length - 1};
      case FIRST -> new int[] {0};
      case INDEX -> new int[] {selector.index() < 0 ? length + selector.index() : selector.index()};
      case ALL -> IntStream.range(0, length).toArray();
      case EACH -> new int[] {-1};
    };
  }
}
