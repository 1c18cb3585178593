package dev.sonde.engine.worker;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.probe.Artifact;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.pass.Shard;
import dev.sonde.engine.shard.ShardTask;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shards as frames, and back. */
public final class TaskForm {
  private static final String CAPTURE = "capture";
  private static final String OF_PROBE = "shard";
  private static final String WHOLE_PROBE = "probe";

  private TaskForm() {}

  /** A shard as a frame. */
  public static Frame of(ShardTask task) {
    return switch (task) {
      case ShardTask.Capture capture -> of(capture);
      case ShardTask.OfProbe part -> of(part);
      case ShardTask.WholeProbe whole -> Frame.of(WHOLE_PROBE, Map.of("probe", whole.probe()));
    };
  }

  /**
   * The shard that a frame says.
   *
   * @throws InvalidInputException if it says none
   */
  public static ShardTask task(Frame frame) {
    return switch (frame.kind()) {
      case CAPTURE -> capture(frame);
      case OF_PROBE -> ofProbe(frame);
      case WHOLE_PROBE -> new ShardTask.WholeProbe(frame.text("probe"));
      default ->
          throw new InvalidInputException("a worker computes no '%s'".formatted(frame.kind()));
    };
  }

  /** Whether it is tried again where a worker died over it: a probe would do the same again. */
  static boolean isTriedAgain(Frame frame) {
    return !frame.kind().equals(WHOLE_PROBE);
  }

  /** How people call the shard that a frame says. */
  static String name(Frame frame) {
    if (frame.kind().equals(OF_PROBE)) {
      return "shard '%s' of stage '%s' of the probe '%s'"
          .formatted(frame.text("shard"), frame.text("stage"), frame.text("probe"));
    }
    if (frame.kind().equals(WHOLE_PROBE)) {
      return "the probe '%s'".formatted(frame.text("probe"));
    }
    long from = frame.number("from");
    String set = frame.text("set");
    return "the capture of rows %d to %d of %s"
        .formatted(
            from,
            from + frame.parts().size() - 1,
            set.isEmpty() ? "the data" : "the set '%s'".formatted(set));
  }

  private static Frame of(ShardTask.Capture task) {
    Shard shard = task.shard();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", shard.role().model());
    fields.put("set", shard.role().set());
    fields.put("from", shard.from());
    fields.put("hash", shard.hash());
    fields.put("reads", task.reads().stream().map(TaskForm::read).toList());
    List<byte[]> rows = task.tokens().stream().map(TaskForm::bytes).toList();
    return new Frame(CAPTURE, fields, rows);
  }

  private static ShardTask.Capture capture(Frame frame) {
    List<int[]> tokens = frame.parts().stream().map(TaskForm::integers).toList();
    int from = Math.toIntExact(frame.number("from"));
    String hash = frame.text("hash");
    if (!Pass.hash(tokens).equals(hash)) {
      throw new InvalidInputException("the tokens of a shard are not those it was named for");
    }
    Role role = new Role(frame.text("model"), frame.text("set"));
    Shard shard = new Shard(role, from, from + tokens.size(), hash);
    return new ShardTask.Capture(
        shard, tokens, frame.list("reads").stream().map(TaskForm::read).toList());
  }

  private static Map<String, Object> read(Read read) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("point", read.point().name());
    map.put("tokens", read.selector().kind());
    map.put("index", read.selector().index());
    map.put("reduction", read.reduction());
    map.put("gradient", read.isGradient());
    return map;
  }

  private static Read read(Object written) {
    Frame fields = of(written);
    Selector selector = Selector.of(fields.text("tokens"), Math.toIntExact(fields.number("index")));
    Read read =
        Read.of(HookPoint.parse(fields.text("point")), selector).reduce(fields.text("reduction"));
    return Boolean.TRUE.equals(fields.fields().get("gradient")) ? read.gradient() : read;
  }

  /** An object within a frame, with a frame's ways to look into it. */
  private static Frame of(Object written) {
    Map<String, Object> outer = new LinkedHashMap<>();
    outer.put("it", written);
    return Frame.of("", Frame.of("", outer).object("it"));
  }

  private static Frame of(ShardTask.OfProbe task) {
    Artifact input = task.input();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("probe", task.probe());
    fields.put("stage", task.stage());
    fields.put("version", task.version());
    fields.put("shard", task.shard());
    fields.put("results", task.results());
    fields.put("texts", input.texts());
    fields.put("integers", List.copyOf(input.integers().keySet()));
    List<Map<String, Object>> tensors = new ArrayList<>();
    List<byte[]> parts = new ArrayList<>();
    input.integers().values().forEach(numbers -> parts.add(bytes(numbers)));
    input
        .tensors()
        .forEach(
            (name, matrix) -> {
              Map<String, Object> tensor = new LinkedHashMap<>();
              tensor.put("name", name);
              tensor.put("type", matrix.type().name());
              tensor.put("rows", matrix.rows());
              tensor.put("columns", matrix.columns());
              tensors.add(tensor);
              parts.add(matrix.segment().toArray(ValueLayout.JAVA_BYTE));
            });
    fields.put("tensors", tensors);
    return new Frame(OF_PROBE, fields, parts);
  }

  private static ShardTask.OfProbe ofProbe(Frame frame) {
    Artifact input = Artifact.empty();
    int part = 0;
    for (Object name : frame.list("integers")) {
      input = input.with(String.valueOf(name), longs(frame.parts().get(part++)));
    }
    for (Object written : frame.list("tensors")) {
      Frame tensor = of(written);
      input = input.with(tensor.text("name"), matrix(tensor, frame.parts().get(part++)));
    }
    for (Map.Entry<String, String> text : frame.texts("texts").entrySet()) {
      input = input.with(text.getKey(), text.getValue());
    }
    Map<String, Integer> results = new LinkedHashMap<>();
    frame
        .object("results")
        .forEach((stage, version) -> results.put(stage, ((Number) version).intValue()));
    return new ShardTask.OfProbe(
        frame.text("probe"),
        frame.text("stage"),
        Math.toIntExact(frame.number("version")),
        frame.text("shard"),
        input,
        results);
  }

  private static Matrix matrix(Frame tensor, byte[] bytes) {
    MemorySegment cells = Arena.ofAuto().allocate(Math.max(1, bytes.length), Long.BYTES);
    MemorySegment.copy(bytes, 0, cells, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return Matrix.of(
        cells.asSlice(0, bytes.length),
        Matrix.Type.valueOf(tensor.text("type")),
        Math.toIntExact(tensor.number("rows")),
        Math.toIntExact(tensor.number("columns")));
  }

  private static byte[] bytes(int[] numbers) {
    return MemorySegment.ofArray(numbers).toArray(ValueLayout.JAVA_BYTE);
  }

  private static int[] integers(byte[] bytes) {
    return MemorySegment.ofArray(bytes).toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  private static byte[] bytes(long[] numbers) {
    return MemorySegment.ofArray(numbers).toArray(ValueLayout.JAVA_BYTE);
  }

  private static long[] longs(byte[] bytes) {
    return MemorySegment.ofArray(bytes).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }
}
