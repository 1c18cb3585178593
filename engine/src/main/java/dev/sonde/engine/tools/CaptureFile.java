package dev.sonde.engine.tools;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Needs;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.host.Unwritable;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.pass.OpenInputs;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.PassList;
import dev.sonde.engine.pass.ProbeNeeds;
import dev.sonde.engine.pass.TokenRows;
import dev.sonde.engine.plan.Cost;
import dev.sonde.engine.plan.MachineLimits;
import dev.sonde.engine.plan.ResourceDemand;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.RowLayout;
import dev.sonde.engine.store.StoredPass;
import dev.sonde.engine.worker.Assignment;
import dev.sonde.engine.worker.Workforce;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Activations as a safetensors file: one float32 tensor per hook point, its rows in file order, and
 * beside them {@code token_ids} (of all rows, one after the other), {@code offsets} (where each
 * row's tokens begin), and per activation row {@code row_ids} (the 0-based row) and {@code
 * positions} (its token; −1 for a reduction over tokens). Where prompts were cut there is also
 * {@code truncated}: how many tokens each row lost.
 */
public final class CaptureFile {
  static final String FORMAT = "sonde-capture-1";
  static final String ENDING = ".safetensors";
  private static final String TRUNCATED = "truncated";
  private static final long SHARD_BYTES = 2L << 30;

  private final Folders folders;
  private final PluginRegistry plugins;
  private final Workforce workforce;
  private final Progress progress;
  private final String version;

  /** A writer of capture files, which has shards computed by somebody. */
  public CaptureFile(
      Folders folders,
      PluginRegistry plugins,
      Workforce workforce,
      Progress progress,
      String version) {
    this.folders = folders;
    this.plugins = plugins;
    this.workforce = workforce;
    this.progress = progress;
    this.version = version;
  }

  /**
   * Captures and writes.
   *
   * @param experiment model and data
   * @param request what to read; names appear in the file as they are written here
   * @param out a file that ends in {@code .safetensors}
   * @param overwrite whether an earlier capture of that name may be replaced
   */
  public void write(Experiment experiment, CaptureRequest request, Path out, boolean overwrite) {
    String name = String.valueOf(out.getFileName());
    if (!name.endsWith(ENDING)) {
      throw new InvalidInputException("--out %s: the name must end in %s".formatted(out, ENDING));
    }
    Path folder = out.toAbsolutePath().resolveSibling("");
    String stem = name.substring(0, name.length() - ENDING.length());
    try (OpenInputs inputs = OpenInputs.of(experiment, plugins, folders, progress);
        ActivationStore store = ActivationStore.open(folders.activations())) {
      inputs.model().info().notes().forEach(progress::warning);
      Needs needs = Needs.none().capture(request);
      PassList passes = PassList.of(inputs, List.of(ProbeNeeds.of("capture", needs, inputs)));
      Pass pass = passes.main();
      StoredPass stored = new StoredPass(store, pass);
      requireRoom(stored, request, folder);
      pass.model().tokenizerNotes().forEach(progress::warning);
      pass.rows().remark().ifPresent(progress::warning);
      pass.rows().twice().ifPresent(progress::warning);
      CaptureOutput output = CaptureOutput.of(folder, stem, overwrite);
      try (ShardExecutor executor = workforce.of(assignment(inputs), progress)) {
        stored.ensure(pass.reads(), executor, progress);
      }
      output.write(into -> write(into, stem, request, stored));
    } catch (IOException e) {
      throw new InvalidInputException(Unwritable.message(out, e, "another file with --out"), e);
    }
  }

  private Assignment assignment(OpenInputs inputs) {
    ContentHash hashes = new ContentHash(folders.cache().resolve("hashes"));
    return new Assignment(
        version,
        inputs.resolved(Map.of()),
        Optional.empty(),
        "",
        Map.of(),
        inputs.modelHashes(),
        Assignment.jars(List.of(inputs.model().plugin()), hashes),
        "",
        folders.activations().toAbsolutePath(),
        folders.given());
  }

  private void requireRoom(StoredPass stored, CaptureRequest request, Path folder) {
    Pass pass = stored.pass();
    ModelInfo info = pass.model().info();
    Cost cost = Cost.of(stored);
    long rows = 0;
    for (Read read : byRequestedName(pass.model(), request).values()) {
      rows += Cost.bytes(info, read, pass.rows().ids());
    }
    MachineLimits.here(folders)
        .require(
            new ResourceDemand(
                cost.requests() > 0 ? List.of(info) : List.of(),
                List.of(),
                folders.activations(),
                cost.storeBytes(),
                folder,
                rows));
  }

  private void write(Path folder, String stem, CaptureRequest request, StoredPass stored)
      throws IOException {
    Pass pass = stored.pass();
    OpenModel model = pass.model();
    List<int[]> tokens = pass.rows().ids();
    Map<String, Read> reads = byRequestedName(model, request);
    Read any = reads.values().iterator().next();
    RowLayout layout = RowLayout.of(any, tokens);
    long allTokens = tokens.stream().mapToLong(t -> t.length).sum();
    List<SafetensorsWriter.Slot> slots = new ArrayList<>();
    reads.forEach(
        (name, read) ->
            slots.add(
                new SafetensorsWriter.Slot(
                    name, DType.F32, List.of(layout.rows(), (long) stored.width(read)))));
    slots.add(integers("token_ids", allTokens));
    slots.add(integers("offsets", tokens.size() + 1L));
    slots.add(integers("row_ids", layout.rows()));
    slots.add(integers("positions", layout.rows()));
    if (pass.rows().truncated() > 0) {
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
              fillIntegers(name, segment, pass.rows(), any);
            } else {
              stored.copyTo(read, segment);
              warnOfNoNumbers(name, segment, stored.width(read), model);
            }
          });
    }
  }

  private void warnOfNoNumbers(String name, MemorySegment cells, int width, OpenModel model) {
    long rows = cells.byteSize() / Float.BYTES / width;
    long broken = 0;
    for (long row = 0; row < rows; row++) {
      for (long i = row * width; i < (row + 1) * width; i++) {
        if (!Float.isFinite(cells.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i))) {
          broken++;
          break;
        }
      }
    }
    if (broken > 0) {
      progress.warning(
          "%s: %d of %d rows hold NaN or infinity: the model gives no numbers there; see whether its weights are whole, and try dtype: float32 (here %s)"
              .formatted(name, broken, rows, model.info().dtype()));
    }
  }

  /** Patterns expanded; a synonym keeps the name it was asked for by, in a pattern as well. */
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
    metadata.put("format", FORMAT);
    metadata.put("model", info.contentHash());
    metadata.put("reference", model.reference().name());
    metadata.put("architecture", info.architecture());
    metadata.put("backend", model.backendName());
    metadata.put("dtype", info.dtype());
    metadata.put("tokens", request.selector() + "/" + request.reduction().toUpperCase(Locale.ROOT));
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
          for (int position : positions(read, ids)) {
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
    // Rows of an odd number of float32 before it leave the numbers at a multiple of four.
    segment.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, index, value);
  }

  /** The tokens whose rows a read gives for a sequence; −1 for a reduction over some. */
  private static int[] positions(Read read, int[] ids) {
    return read.isReduced() ? new int[] {-1} : read.selector().tokens(Sequence.of(ids));
  }
}
