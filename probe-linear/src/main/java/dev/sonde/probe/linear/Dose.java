package dev.sonde.probe.linear;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Selector;
import java.util.List;
import java.util.Locale;

/**
 * How strongly and in which mode states are steered.
 *
 * @param alpha the factor of the mode's equation; 0 changes nothing
 */
record Dose(Mode mode, double alpha) {
  /** The modes, after Hong et al. 2025. */
  enum Mode {
    /** {@code h + α r}: the paper's equation. */
    ADD(Intervention.ADD),
    /** {@code h + α (h · r̂) r̂}: the paper's code; α = −1 takes the direction away. */
    SCALE(Intervention.SCALE_ALONG);

    private final String kind;

    Mode(String kind) {
      this.kind = kind;
    }

    /** The kind of intervention that a backend needs for it. */
    String kind() {
      return kind;
    }

    /** Its name in settings and report. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Mode of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** The interventions, one at each point. */
  List<Intervention> along(Steer steer, List<HookPoint> points, Selector tokens) {
    return points.stream()
        .map(
            point ->
                switch (mode) {
                  case ADD -> Intervention.add(point, tokens, steer.vector(), alpha);
                  case SCALE ->
                      Intervention.scaleAlong(
                          point, tokens, steer.vector(), alpha * steer.scaleMatch());
                })
        .toList();
  }

  @Override
  public String toString() {
    return "%s %s".formatted(mode.word(), alpha);
  }
}
