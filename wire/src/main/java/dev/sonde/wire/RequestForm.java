package dev.sonde.wire;

import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The form of requests. */
public final class RequestForm {
  private static final String SEQUENCES = "sequences";

  private RequestForm() {}

  /** The message of a pass. */
  public static WireMessage of(ForwardRequest request) {
    FloatBytes.Pool body = new FloatBytes.Pool();
    Map<String, Object> head = new LinkedHashMap<>();
    head.put(SEQUENCES, sequences(request.sequences(), body));
    head.put(
        "groups",
        request.groups().stream()
            .map(group -> group.stream().map(RequestForm::read).toList())
            .toList());
    head.put("token_budget", (long) request.tokenBudget());
    return new WireMessage(head, body.body());
  }

  private static List<Map<String, Object>> sequences(List<Sequence> all, FloatBytes.Pool body) {
    return all.stream().map(sequence -> SequenceForm.of(sequence, body)).toList();
  }

  private static Map<String, Object> read(Read read) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("point", read.point().name());
    form.put("selector", read.selector().toString());
    form.put("reduction", read.reduction());
    form.put("gradient", read.isGradient());
    return form;
  }

  /** The message of a generation. What tokens add to a text stays here: a server knows its own. */
  public static WireMessage of(GenerateRequest request) {
    FloatBytes.Pool body = new FloatBytes.Pool();
    Map<String, Object> head = new LinkedHashMap<>();
    head.put(SEQUENCES, sequences(request.sequences(), body));
    Map<String, Object> sampling = new LinkedHashMap<>();
    sampling.put("temperature", request.sampling().temperature());
    sampling.put("top_k", (long) request.sampling().topK());
    sampling.put("top_p", request.sampling().topP());
    head.put("sampling", sampling);
    head.put("stop_tokens", FormFields.list(request.stopTokens()));
    head.put("stop_strings", request.stopStrings());
    head.put("points", request.points().stream().map(HookPoint::name).toList());
    return new WireMessage(head, body.body());
  }

  /**
   * Reads the message of a pass.
   *
   * @throws WireException if it is malformed
   */
  public static ForwardRequest forward(WireMessage message) {
    FormFields head = new FormFields(message.head());
    ForwardRequest request = ForwardRequest.of(sequences(message));
    for (List<FormFields> group : head.objectLists("groups")) {
      request = request.read(group.stream().map(RequestForm::read).toArray(Read[]::new));
    }
    return request.tokenBudget(head.integer("token_budget", 0));
  }

  private static List<Sequence> sequences(WireMessage message) {
    try {
      return new FormFields(message.head())
          .objects(SEQUENCES).stream()
              .map(form -> SequenceForm.read(form, message.body()))
              .toList();
    } catch (IllegalArgumentException e) {
      throw new WireException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Read read(FormFields form) {
    Read read =
        Read.of(
                HookPoint.parse(form.text("point")),
                SequenceForm.selector(form.text("selector", "all")))
            .reduce(form.text("reduction", Read.NONE));
    return form.flag("gradient") ? read.gradient() : read;
  }

  /**
   * Reads the message of a generation.
   *
   * @throws WireException if it is malformed
   */
  public static GenerateRequest generate(WireMessage message) {
    FormFields head = new FormFields(message.head());
    Sampling sampling = Sampling.greedy();
    if (head.has("sampling")) {
      FormFields how = head.child("sampling");
      try {
        sampling =
            Sampling.temperature(how.real("temperature", 0))
                .topK(how.integer("top_k", 0))
                .topP(how.real("top_p", 1));
      } catch (IllegalArgumentException e) {
        throw new WireException(String.valueOf(e.getMessage()), e);
      }
    }
    return GenerateRequest.sampled(sequences(message), sampling, head.integers("stop_tokens"))
        .stoppingAt(head.texts("stop_strings"))
        .reading(head.texts("points").stream().map(HookPoint::parse).toList());
  }
}
