package dev.sonde.backend.llamacpp;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the interventions of one sequence make of its rows. */
final class Edits {
  /** Rows shorter than this are not brought back to a length. */
  private static final double SHORTEST = 1e-12;

  private final Sequence sequence;
  private final Map<HookPoint, List<Change>> changes = new LinkedHashMap<>();

  /**
   * An intervention.
   *
   * @param values its numbers, copied once
   * @param places by token that was given, which of the selected ones it is
   */
  private record Change(Intervention what, float[] values, Map<Integer, Integer> places) {}

  Edits(Sequence sequence) {
    this.sequence = sequence;
    for (Intervention each : sequence.interventions()) {
      changes.computeIfAbsent(each.point(), p -> new ArrayList<>()).add(change(each));
    }
  }

  private Change change(Intervention each) {
    Map<Integer, Integer> places = new HashMap<>();
    if (each.phase() != Intervention.Phase.GENERATED) {
      for (int token : each.selector().tokens(sequence)) {
        places.putIfAbsent(token, places.size());
      }
    }
    return new Change(each, each.values(), places);
  }

  /** The points at which anything is changed. */
  Set<HookPoint> points() {
    return changes.keySet();
  }

  /** Whether a token's row is changed at a point; tokens behind the given ones were generated. */
  boolean touches(HookPoint point, int token) {
    return changes.getOrDefault(point, List.of()).stream().anyMatch(each -> acts(each, token));
  }

  private boolean acts(Change change, int token) {
    return token < sequence.length()
        ? change.places().containsKey(token)
        : change.what().phase() != Intervention.Phase.PROMPT;
  }

  /** The row as it is after every change. */
  float[] apply(HookPoint point, int token, float[] row) {
    float[] now = row;
    for (Change change : changes.getOrDefault(point, List.of())) {
      if (acts(change, token)) {
        int place = change.places().getOrDefault(token, 0);
        now = apply(change, place, now);
      }
    }
    return now;
  }

  private static float[] apply(Change change, int place, float[] row) {
    int width = row.length;
    Intervention what = change.what();
    int rows = change.values().length / width;
    if (rows * width != change.values().length || rows == 0) {
      throw new UnsupportedCapabilityException(
          "%s: %d numbers for rows of width %d".formatted(what, change.values().length, width));
    }
    int from = place % rows * width;
    float[] after = row.clone();
    switch (what.kind()) {
      case Intervention.ADD -> {
        for (int i = 0; i < width; i++) {
          after[i] += (float) (what.amount() * change.values()[from + i]);
        }
      }
      case Intervention.SCALE_ALONG -> {
        double length = Math.sqrt(dot(change.values(), from, change.values(), from, width));
        double along = dot(row, 0, change.values(), from, width) / length;
        for (int i = 0; i < width; i++) {
          after[i] += (float) (what.amount() * along * change.values()[from + i] / length);
        }
      }
      case Intervention.ERASE -> {
        if (rows != 3) {
          throw new UnsupportedCapabilityException(
              "%s: %d rows, where what is removed, what is read and the mean are needed"
                  .formatted(what, rows));
        }
        double along =
            dot(row, 0, change.values(), width, width)
                - dot(change.values(), 2 * width, change.values(), width, width);
        for (int i = 0; i < width; i++) {
          after[i] -= (float) (what.amount() * along * change.values()[i]);
        }
      }
      case Intervention.REPLACE, Intervention.PATCH ->
          System.arraycopy(change.values(), from, after, 0, width);
      default -> throw new UnsupportedCapabilityException("unknown intervention " + what.kind());
    }
    if (what.keepsNorm()) {
      double was = Math.sqrt(dot(row, 0, row, 0, width));
      double is = Math.max(SHORTEST, Math.sqrt(dot(after, 0, after, 0, width)));
      for (int i = 0; i < width; i++) {
        after[i] = (float) (after[i] * was / is);
      }
    }
    return after;
  }

  private static double dot(float[] a, int fromA, float[] b, int fromB, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += (double) a[fromA + i] * b[fromB + i];
    }
    return sum;
  }

  /** Whether scores of a block are changed, by interventions or by keys that are hidden. */
  boolean touchesScores(int layer) {
    return !sequence.blocked().isEmpty()
        || changes.containsKey(HookPoint.of(layer, HookPoint.SCORES));
  }

  /**
   * A score after every change.
   *
   * @param score before the mask
   */
  float score(int layer, int head, int query, int key, float score) {
    float now = score;
    for (Change change : changes.getOrDefault(HookPoint.of(layer, HookPoint.SCORES), List.of())) {
      int length = sequence.length();
      if (query < length && key < length) {
        float given = change.values()[(head * length + query) * length + key];
        now =
            change.what().kind().equals(Intervention.ADD)
                ? now + (float) (change.what().amount() * given)
                : given;
      }
    }
    return isHidden(query, key) ? Float.NEGATIVE_INFINITY : now;
  }

  private boolean isHidden(int query, int key) {
    if (query == key) {
      return false;
    }
    for (Sequence.Blocked each : sequence.blocked()) {
      if (query >= each.queryFrom()
          && query < each.queryTo()
          && key >= each.keyFrom()
          && key < each.keyTo()) {
        return true;
      }
    }
    return false;
  }

  /**
   * What a control vector would add, where the changes are nothing else: one vector to every token
   * of the residual stream after some blocks but the first.
   *
   * @param blocks how many there are
   * @param width of the stream
   * @return {@code [blocks - 1, width]}, from the second block on
   */
  Optional<float[]> controlVector(int blocks, int width) {
    if (changes.isEmpty() || !sequence.blocked().isEmpty()) {
      return Optional.empty();
    }
    float[] vector = new float[(blocks - 1) * width];
    for (Map.Entry<HookPoint, List<Change>> at : changes.entrySet()) {
      int block = at.getKey().layer().orElse(0);
      Change change = at.getValue().getFirst();
      if (block == 0
          || !at.getKey().site().equals(HookPoint.RESID_POST)
          || at.getValue().size() > 1
          || !isAddedToAll(change.what())
          || change.values().length != width) {
        return Optional.empty();
      }
      for (int i = 0; i < width; i++) {
        vector[(block - 1) * width + i] = (float) (change.what().amount() * change.values()[i]);
      }
    }
    return Optional.of(vector);
  }

  private static boolean isAddedToAll(Intervention what) {
    return what.kind().equals(Intervention.ADD)
        && what.selector().equals(Selector.all())
        && what.phase() == Intervention.Phase.ALWAYS
        && !what.keepsNorm();
  }

  /** The same sequence, nothing of it changed. */
  Edits nothing() {
    return new Edits(Sequence.of(sequence.tokens()));
  }

  /** Whether its tokens compute what the same tokens of another sequence would. */
  boolean isPlain() {
    return changes.isEmpty() && sequence.blocked().isEmpty();
  }
}
