package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.StartingPoint;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.Logits;
import dev.sonde.probe.position.read.HeadStream;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.RotationTable;
import dev.sonde.probe.position.read.Text;
import dev.sonde.probe.position.read.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Other scores in place of a running model's. The scores of a block are made of the queries and
 * keys that it has, so a text is run block by block, each pass beginning with the residual stream
 * that the one before gave: in all blocks together this takes two passes, in one block alone what
 * is left of a pass behind it.
 */
final class Substitution {
  /** Scores that are held at once, as many as 128 MiB have. */
  private static final long MOST_SCORES = 1 << 25;

  private final Model model;
  private final ModelInfo info;
  private final LinearAlgebra algebra;
  private final List<AttentionBlock> blocks;
  private final List<RotationTable> rotations;

  /** Of a model, on texts of so many tokens. */
  Substitution(Model model, LinearAlgebra algebra, List<AttentionBlock> blocks, int tokens) {
    this.model = model;
    this.info = model.info();
    this.algebra = algebra;
    this.blocks = blocks;
    this.rotations =
        blocks.stream().map(block -> new RotationTable(block.planes(), tokens)).toList();
  }

  /**
   * One block, or one head of it, whose scores are others while all the rest runs as it does.
   *
   * @param head the only one that is changed; empty: all of the block
   */
  record Place(int layer, OptionalInt head, OtherLogits other) {}

  /** Told after each block. */
  interface Progress {
    void done(int blocks);
  }

  /** What some texts have before a block; empty: they begin at the embedding. */
  private record Before(int layer, List<float[]> residuals) {
    static final Before EMBEDDING = new Before(0, List.of());

    Sequence of(int text, Sequence plain) {
      return residuals.isEmpty()
          ? plain
          : plain.startAt(StartingPoint.of(layer, residuals.get(text)));
    }
  }

  private static final HookPoint BEFORE_ALL = HookPoint.of(0, "hook_resid_pre");

  /** Losses of texts with other scores in every block. */
  Losses everywhere(List<Text> texts, OtherLogits other, Progress progress) {
    List<Losses> parts = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += atOnce(texts)) {
      int first = from;
      List<Text> some = texts.subList(from, Math.min(texts.size(), from + atOnce(texts)));
      parts.add(together(some, moved(other, first), progress));
    }
    return Losses.of(parts);
  }

  private int atOnce(List<Text> texts) {
    long tokens = texts.getFirst().length();
    return (int) Math.max(1, MOST_SCORES / (info.heads() * tokens * tokens));
  }

  /** The same with the texts counted from another one. */
  private static OtherLogits moved(OtherLogits other, int first) {
    return (block, at, text, logits, q, k) -> other.change(block, at, text + first, logits, q, k);
  }

  private Losses together(List<Text> texts, OtherLogits other, Progress progress) {
    List<HookPoint> ofFirst = new ArrayList<>(HeadStream.points(0));
    ofFirst.add(BEFORE_ALL);
    List<List<float[]>> rows = read(texts, Before.EMBEDDING, List.of(), ofFirst);
    Before before = new Before(0, rows.stream().map(List::getLast).toList());
    for (int layer = 0; ; layer++) {
      List<Intervention> scores = scores(new Place(layer, OptionalInt.empty(), other), rows);
      progress.done(layer + 1);
      if (layer + 1 == info.layers()) {
        return losses(texts, before, scores);
      }
      List<HookPoint> points = new ArrayList<>(HeadStream.points(layer + 1));
      points.add(HookPoint.of(layer, HookPoint.RESID_POST));
      rows = read(texts, before, scores, points);
      before = new Before(layer + 1, rows.stream().map(List::getLast).toList());
    }
  }

  /** Losses of texts with other scores in one place at a time, place by place. */
  List<Losses> alone(List<Text> texts, List<Place> places, Progress progress) {
    List<List<Losses>> parts = new ArrayList<>();
    places.forEach(place -> parts.add(new ArrayList<>()));
    for (int from = 0; from < texts.size(); from += atOnce(texts)) {
      int first = from;
      List<Text> some = texts.subList(from, Math.min(texts.size(), from + atOnce(texts)));
      List<Place> own =
          places.stream()
              .map(p -> new Place(p.layer(), p.head(), moved(p.other(), first)))
              .toList();
      placeByPlace(some, own, progress).forEach((place, losses) -> parts.get(place).add(losses));
    }
    return parts.stream().map(Losses::of).toList();
  }

  private Map<Integer, Losses> placeByPlace(
      List<Text> texts, List<Place> places, Progress progress) {
    Map<Integer, Losses> found = new LinkedHashMap<>();
    Before before =
        new Before(
            0,
            read(texts, Before.EMBEDDING, List.of(), List.of(BEFORE_ALL)).stream()
                .map(List::getFirst)
                .toList());
    int last = places.stream().mapToInt(Place::layer).max().orElse(-1);
    for (int layer = 0; layer <= last; layer++) {
      List<HookPoint> points = new ArrayList<>(HeadStream.points(layer));
      points.add(HookPoint.of(layer, HookPoint.RESID_POST));
      List<List<float[]>> rows = read(texts, before, List.of(), points);
      for (int place = 0; place < places.size(); place++) {
        if (places.get(place).layer() == layer) {
          found.put(place, losses(texts, before, scores(places.get(place), rows)));
        }
      }
      before = new Before(layer + 1, rows.stream().map(List::getLast).toList());
      progress.done(layer + 1);
    }
    return found;
  }

  private static List<Sequence> sequences(
      List<Text> texts, Before before, List<Intervention> scores, boolean scored) {
    return IntStream.range(0, texts.size())
        .mapToObj(
            text -> {
              Text own = texts.get(text);
              Sequence plain = scored ? own.sequence() : Sequence.of(own.ids());
              Sequence started = before.of(text, plain);
              return scores.isEmpty() ? started : started.intervene(List.of(scores.get(text)));
            })
        .toList();
  }

  private Losses losses(List<Text> texts, Before before, List<Intervention> scores) {
    return Losses.of(model, sequences(texts, before, scores, true));
  }

  /** Per text, its rows at some points. */
  private List<List<float[]>> read(
      List<Text> texts, Before before, List<Intervention> scores, List<HookPoint> points) {
    Map<Integer, List<float[]>> found = new LinkedHashMap<>();
    HeadStream.run(
        model,
        sequences(texts, before, scores, false),
        List.of(points),
        (group, text, rows) -> found.put(text, rows));
    return IntStream.range(0, texts.size()).mapToObj(text -> of(found, text)).toList();
  }

  private static List<float[]> of(Map<Integer, List<float[]>> found, int text) {
    List<float[]> rows = found.get(text);
    if (rows == null) {
      throw new IllegalStateException("the backend gave no rows of text " + text);
    }
    return rows;
  }

  /** Per text the scores that a place gets, made of its queries and keys. */
  private List<Intervention> scores(Place place, List<List<float[]>> rows) {
    int tokens = rotations.get(place.layer()).tokens();
    float[][] scores = new float[rows.size()][info.heads() * tokens * tokens];
    try (Workers workers = new Workers()) {
      for (int text = 0; text < rows.size(); text++) {
        for (int head = 0; head < info.heads(); head++) {
          int which = text;
          int own = head;
          workers.submit(() -> put(place, which, own, rows.get(which), scores[which]));
        }
      }
      workers.join();
    }
    HookPoint point = HookPoint.of(place.layer(), HookPoint.SCORES);
    return Arrays.stream(scores).map(own -> Intervention.replaceScores(point, own)).toList();
  }

  /** Puts the scores of one head into those of its block. */
  private void put(Place place, int text, int head, List<float[]> rows, float[] scores) {
    AttentionBlock block = blocks.get(place.layer());
    RotationTable turns = rotations.get(place.layer());
    int keyHead = HeadStream.keyHead(info, head);
    PlaneRows q = HeadStream.head(block.planes(), rows.get(0), info.heads(), head, 0);
    PlaneRows k = HeadStream.head(block.planes(), rows.get(1), info.keyValueHeads(), keyHead, 0);
    float[] logits = Logits.floats(Logits.all(algebra, turns, block.scale(), q, k));
    if (place.head().orElse(head) == head) {
      place.other().change(block, turns, text, logits, q, k);
    }
    for (int cell = 0; cell < logits.length; cell++) {
      scores[head * logits.length + cell] = (float) Logits.capped(logits[cell], block.cap());
    }
  }
}
