package dev.sonde.wire;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The form of answers: batches, generations, and what went wrong. */
public final class AnswerForm {
  /** What was asked for cannot be done by the model. */
  static final String UNSUPPORTED = "unsupported";

  /** The request is wrong. */
  static final String INVALID = "invalid";

  /** The model is not there, or lacks something. */
  static final String UNAVAILABLE = "unavailable";

  /** Anything else: a mistake of the server. */
  static final String FAILED = "failed";

  private static final String ERROR = "error";
  private static final String SEQUENCE = "sequence";

  private AnswerForm() {}

  /** The message of a batch. */
  public static WireMessage of(Batch batch) {
    List<Object> reads = new ArrayList<>();
    List<MemorySegment> values = new ArrayList<>();
    for (Rows rows : batch.rows()) {
      Map<String, Object> form = new LinkedHashMap<>();
      form.put("sequences", FormFields.list(rows.sequences()));
      form.put("places", FormFields.list(rows.places()));
      if (rows.objectives().length > 0) {
        form.put("objectives", FormFields.list(rows.objectives()));
      }
      form.put("width", (long) rows.width());
      if (rows.width() == 0) {
        List<Object> offsets = new ArrayList<>();
        for (long offset : rows.offsets()) {
          offsets.add(offset);
        }
        form.put("offsets", offsets);
      }
      reads.add(form);
      values.add(rows.values().asSlice(0, rows.offsets()[rows.count()] * Float.BYTES));
    }
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("group", (long) batch.group());
    head.put("rows", reads);
    return new WireMessage(head, FloatBytes.body(values));
  }

  /**
   * Reads the message of a batch.
   *
   * @param request what was asked
   * @param memory where the rows belong
   * @throws WireException if it is malformed, or does not fit the request
   */
  public static Batch batch(WireMessage message, ForwardRequest request, Arena memory) {
    FormFields head = new FormFields(message.head());
    int group = head.integer("group");
    List<FormFields> forms = head.objects("rows");
    if (group < 0
        || group >= request.groups().size()
        || forms.size() != request.groups().get(group).size()) {
      throw new WireException(
          "a batch of group %d with %d reads was not asked for".formatted(group, forms.size()));
    }
    List<Rows> all = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < forms.size(); i++) {
      Read read = request.groups().get(group).get(i);
      int[] sequences = forms.get(i).integers("sequences");
      int[] places = forms.get(i).integers("places");
      int[] objectives = forms.get(i).integers("objectives");
      int width = forms.get(i).integer("width");
      long[] offsets = forms.get(i).wholes("offsets");
      if (places.length != sequences.length
          || objectives.length != (read.isGradient() ? sequences.length : 0)
          || offsets.length != (width == 0 ? sequences.length + 1 : 0)) {
        throw new WireException(
            "the lists of %s belong to different numbers of rows".formatted(read));
      }
      long count = width == 0 ? offsets[sequences.length] : (long) sequences.length * width;
      MemorySegment values = memory.allocate(Math.max(1, count) * Float.BYTES, Float.BYTES);
      FloatBytes.copy(message.body(), at, values.asSlice(0, count * Float.BYTES));
      at += count;
      Rows rows =
          width == 0
              ? Rows.ragged(read, values, sequences, places, offsets)
              : Rows.even(read, width, values, sequences, places);
      all.add(read.isGradient() ? rows.ofObjectives(objectives) : rows);
    }
    return Batch.of(group, all);
  }

  /** The message of a generation. */
  public static WireMessage of(Generation generation, GenerateRequest request) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put(SEQUENCE, (long) generation.sequence());
    head.put("sample", (long) generation.sample());
    head.put("tokens", FormFields.list(generation.tokens()));
    head.put(
        "log_probabilities",
        DoubleStream.of(generation.logProbabilities()).mapToObj(FormFields::real).toList());
    List<Object> widths = new ArrayList<>();
    List<MemorySegment> values = new ArrayList<>();
    for (HookPoint point : request.points()) {
      List<float[]> rows = generation.activations().getOrDefault(point, List.of());
      widths.add((long) (rows.isEmpty() ? 0 : rows.getFirst().length));
      rows.forEach(row -> values.add(MemorySegment.ofArray(row)));
    }
    if (!widths.isEmpty()) {
      head.put("widths", widths);
    }
    return new WireMessage(head, FloatBytes.body(values));
  }

  /**
   * Reads the message of a generation.
   *
   * @param request what was asked
   * @throws WireException if it is malformed, or does not fit the request
   */
  public static Generation generation(WireMessage message, GenerateRequest request) {
    FormFields head = new FormFields(message.head());
    int sequence = head.integer(SEQUENCE);
    int[] tokens = head.integers("tokens");
    double[] logProbabilities = head.reals("log_probabilities");
    int[] widths = head.integers("widths");
    if (sequence < 0
        || sequence >= request.sequences().size()
        || logProbabilities.length != tokens.length
        || widths.length != request.points().size()) {
      throw new WireException(
          "a generation of sequence %d with %d tokens does not fit what was asked"
              .formatted(sequence, tokens.length));
    }
    Map<HookPoint, List<float[]>> activations = new LinkedHashMap<>();
    long at = 0;
    for (int i = 0; i < widths.length; i++) {
      List<float[]> rows = new ArrayList<>();
      for (int token = 0; token < tokens.length; token++) {
        rows.add(FloatBytes.array(message.body(), at, widths[i]));
        at += widths[i];
      }
      activations.put(request.points().get(i), rows);
    }
    return Generation.of(sequence, head.integer("sample", 0), tokens, logProbabilities)
        .with(activations);
  }

  /** The message of a failure, which ends an answer. */
  public static WireMessage error(Throwable failure) {
    String kind =
        switch (failure) {
          case UnsupportedCapabilityException e -> UNSUPPORTED;
          case InvalidInputException e -> INVALID;
          case WireException e -> INVALID;
          case ModelUnavailableException e -> UNAVAILABLE;
          default -> FAILED;
        };
    String said = failure.getMessage();
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("kind", kind);
    error.put("message", said == null || kind.equals(FAILED) ? failure.toString() : said);
    return WireMessage.of(Map.of(ERROR, error));
  }

  /** The HTTP status that goes with a message where it is the first of an answer. */
  public static int status(WireMessage message) {
    if (!message.isError()) {
      return 200;
    }
    return switch (new FormFields(message.head()).child(ERROR).text("kind", FAILED)) {
      case UNSUPPORTED, INVALID -> 400;
      case UNAVAILABLE -> 503;
      default -> 500;
    };
  }

  /**
   * The exception that an error stands for.
   *
   * @param message an error
   * @param server how messages name the server
   */
  public static RuntimeException failure(WireMessage message, String server) {
    FormFields error = new FormFields(message.head()).child(ERROR);
    String said = server + ": " + error.text("message", "says nothing of what went wrong");
    return switch (error.text("kind", FAILED)) {
      case UNSUPPORTED -> new UnsupportedCapabilityException(said);
      case INVALID -> new InvalidInputException(said);
      case UNAVAILABLE -> new ModelUnavailableException(said);
      default ->
          new ModelUnavailableException(said + "; the server made a mistake, see its own log");
    };
  }
}
