package dev.sonde.wire;

import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Frequencies;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Sequence.Blocked;
import dev.sonde.api.model.Sequence.Target;
import dev.sonde.api.model.Span;
import dev.sonde.api.model.StartingPoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The form of a sequence; what it has not is left out. */
final class SequenceForm {
  private static final String TARGETS = "targets";

  private SequenceForm() {}

  /** A sequence with the numbers of its interventions put into the body. */
  static Map<String, Object> of(Sequence sequence, FloatBytes.Pool body) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("tokens", FormFields.list(sequence.tokens()));
    if (sequence.isMoved()) {
      form.put(
          "positions",
          FormFields.list(IntStream.range(0, sequence.length()).map(sequence::position).toArray()));
    }
    put(form, "spans", sequence.spans().stream().map(SequenceForm::span).toList());
    put(form, TARGETS, targets(sequence.targets()));
    put(form, "objectives", sequence.objectives().stream().map(SequenceForm::objective).toList());
    put(
        form,
        "interventions",
        sequence.interventions().stream().map(each -> intervention(each, body)).toList());
    put(
        form,
        "blocked",
        sequence.blocked().stream()
            .map(b -> FormFields.list(b.queryFrom(), b.queryTo(), b.keyFrom(), b.keyTo()))
            .toList());
    sequence
        .distances()
        .ifPresent(
            d ->
                form.put(
                    "distances",
                    Map.of(
                        "kind", d.kind(), "tokens", (long) d.tokens(), "group", (long) d.group())));
    if (sequence.isBeyondContext()) {
      form.put("beyond_context", true);
    }
    sequence.start().ifPresent(start -> form.put("start", start(start, body)));
    sequence.frequencies().ifPresent(f -> form.put("frequencies", frequencies(f, body)));
    if (sequence.maxNewTokens() > 0) {
      form.put("max_new_tokens", (long) sequence.maxNewTokens());
      form.put("samples", (long) sequence.samples());
      form.put("seed", sequence.seed());
    }
    return form;
  }

  private static Map<String, Object> start(StartingPoint start, FloatBytes.Pool body) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("block", (long) start.block());
    form.put("residual", body.add(start.residual()));
    return form;
  }

  private static Map<String, Object> frequencies(Frequencies frequencies, FloatBytes.Pool body) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("per_plane", body.add(frequencies.perPlane()));
    form.put("magnitude", FormFields.real(frequencies.magnitude()));
    return form;
  }

  private static void put(Map<String, Object> form, String key, List<?> items) {
    if (!items.isEmpty()) {
      form.put(key, items);
    }
  }

  private static Map<String, Object> span(Span span) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("name", span.name());
    form.put("from", (long) span.from());
    form.put("to", (long) span.to());
    return form;
  }

  private static List<Object> targets(List<Target> targets) {
    List<Object> pairs = new ArrayList<>();
    targets.forEach(target -> pairs.add(FormFields.list(target.position(), target.token())));
    return pairs;
  }

  private static Map<String, Object> objective(Objective objective) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("kind", objective.kind());
    form.put(TARGETS, targets(objective.targets()));
    form.put("seed", objective.seed());
    return form;
  }

  private static Map<String, Object> intervention(Intervention each, FloatBytes.Pool body) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("kind", each.kind());
    form.put("point", each.point().name());
    form.put("selector", each.selector().toString());
    form.put("amount", FormFields.real(each.amount()));
    form.put("values", body.add(each.values()));
    form.put("keeps_norm", each.keepsNorm());
    form.put("phase", each.phase().name().toLowerCase(Locale.ROOT));
    return form;
  }

  /** Reads a sequence. */
  static Sequence read(FormFields form, byte[] body) {
    Sequence sequence = Sequence.of(form.integers("tokens"));
    if (form.has("positions")) {
      sequence = sequence.positions(form.integers("positions"));
    }
    for (FormFields s : form.objects("spans")) {
      sequence = sequence.span(new Span(s.text("name"), s.integer("from"), s.integer("to")));
    }
    for (FormFields o : form.objects("objectives")) {
      sequence = sequence.objective(Objective.of(o.text("kind"), targets(o), o.whole("seed", 0)));
    }
    sequence =
        sequence
            .targets(targets(form))
            .intervene(
                form.objects("interventions").stream()
                    .map(each -> intervention(each, body))
                    .toList())
            .block(
                form.tuples("blocked", 4).stream()
                    .map(b -> new Blocked(b[0], b[1], b[2], b[3]))
                    .toArray(Blocked[]::new));
    if (form.has("distances")) {
      sequence = sequence.distances(distances(form.child("distances")));
    }
    if (form.flag("beyond_context")) {
      sequence = sequence.beyondContext();
    }
    if (form.has("start")) {
      FormFields start = form.child("start");
      sequence =
          sequence.startAt(
              StartingPoint.of(start.integer("block"), numbers(start, "residual", body)));
    }
    if (form.has("frequencies")) {
      FormFields others = form.child("frequencies");
      sequence =
          sequence.frequencies(
              Frequencies.of(numbers(others, "per_plane", body), others.real("magnitude", 1)));
    }
    return sequence
        .maxNewTokens(form.integer("max_new_tokens", 0))
        .samples(form.integer("samples", 1), form.whole("seed", 0));
  }

  private static List<Target> targets(FormFields form) {
    return form.tuples(TARGETS, 2).stream().map(pair -> new Target(pair[0], pair[1])).toList();
  }

  /** Numbers of the body. */
  private static float[] numbers(FormFields form, String key, byte[] body) {
    long[] place = form.wholes(key);
    if (place.length != 2 || place[1] < place[0] || place[1] - place[0] > Integer.MAX_VALUE) {
      throw new WireException(
          "'%s' is no pair of the first number and the one after the last".formatted(key));
    }
    return FloatBytes.array(body, place[0], (int) (place[1] - place[0]));
  }

  private static Intervention intervention(FormFields form, byte[] body) {
    Intervention plain =
        Intervention.of(
            form.text("kind"),
            HookPoint.parse(form.text("point")),
            selector(form.text("selector")),
            form.real("amount", 1),
            numbers(form, "values", body));
    Intervention kept = form.flag("keeps_norm") ? plain.keepingNorm() : plain;
    return kept.in(phase(form.text("phase", "always")));
  }

  private static Intervention.Phase phase(String name) {
    for (Intervention.Phase phase : Intervention.Phase.values()) {
      if (phase.name().equalsIgnoreCase(name)) {
        return phase;
      }
    }
    throw new WireException("'phase' is '" + name + "'; there are prompt, generated and always");
  }

  /** A selector of any kind: {@code KIND} or {@code KIND:NUMBER}. */
  static Selector selector(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return Selector.of(text, 0);
    }
    try {
      return Selector.of(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new WireException("the selector '" + text + "' is no KIND or KIND:NUMBER", e);
    }
  }

  private static Distances distances(FormFields form) {
    String kind = form.text("kind");
    int tokens = form.integer("tokens");
    return kind.equals(Distances.GROUPED)
        ? Distances.grouped(tokens, form.integer("group"))
        : Distances.of(kind, tokens);
  }
}
