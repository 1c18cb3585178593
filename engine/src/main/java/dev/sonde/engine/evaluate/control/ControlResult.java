package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import java.util.List;
import java.util.Set;

/** What a control found. Each has its own type, with the figures as values. */
public interface ControlResult {
  /** The figures, in the order of the report. */
  List<Metric> metrics();

  /** What does not fit figures. */
  default List<Table> tables() {
    return List.of();
  }

  /** What a reader should know of them, or why there are none. */
  default List<String> notes() {
    return List.of();
  }

  /** What the decoders are compared with, if this control finds any. */
  default List<Rival> rivals() {
    return List.of();
  }

  /** A figure of a decoder at a hook point. */
  interface Placed {
    /** The decoder and the hook point. */
    Choice choice();

    /** Those of some decoders. */
    static <T extends Placed> List<T> among(List<T> all, Set<String> decoders) {
      return all.stream().filter(one -> decoders.contains(one.choice().decoder())).toList();
    }

    /** Those of one decoder. */
    static <T extends Placed> List<T> of(List<T> all, String decoder) {
      return among(all, Set.of(decoder));
    }
  }
}
