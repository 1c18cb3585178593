package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.model.Span;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.stepimportance.learn.StepActivations.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/** Activations of steps, read shard by shard: a shard is given tokens and spans, and no chain. */
public final class StepReading {
  /** What the names of all stages of this kind begin with. */
  public static final String STAGE = "activations-";

  private static final int VERSION = 1;

  private static final String ROLE = "role";
  private static final String NAME = "name";
  private static final String TOKENS = "tokens";
  private static final String LENGTHS = "lengths";
  private static final String STEPS = "steps";
  private static final String SPANS = "spans";
  private static final String LAYERS = "layers";
  private static final String WIDTH = "width";

  private StepReading() {}

  /** Which of an experiment's models reads. */
  public enum ModelRole {
    /** The main model. */
    MAIN,
    /** The same with weights drawn afresh. */
    FRESH,
    /** A further model, by its name. */
    FURTHER
  }

  /**
   * A model that reads.
   *
   * @param name of a further one; else empty
   */
  public record ReadingModel(ModelRole role, String name) {
    /** The main model, or the same with fresh weights. */
    public static ReadingModel of(ModelRole role) {
      return new ReadingModel(role, "");
    }

    private Model in(ShardContext context) {
      return switch (role) {
        case MAIN -> context.model();
        case FRESH -> context.control().orElseThrow();
        case FURTHER -> context.model(name);
      };
    }
  }

  /**
   * Reads steps.
   *
   * @param what is read, the end of the stage's name
   * @param places one per step; steps of one sequence follow each other and share its array
   * @param cuts ascending indices of the steps that shards begin with, 0 the first of them; no
   *     sequence is on both sides of one
   */
  public static StepActivations of(
      ProbeContext context, String what, ReadingModel model, List<Place> places, int... cuts) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (int i = 0; i < cuts.length; i++) {
      int to = i + 1 < cuts.length ? cuts[i + 1] : places.size();
      inputs.put("steps-%06d".formatted(cuts[i]), input(model, places.subList(cuts[i], to)));
    }
    return StepActivations.joined(
        context.shards(STAGE + what, VERSION, inputs).values().stream()
            .map(StepReading::activations)
            .toList());
  }

  private static Artifact input(ReadingModel model, List<Place> places) {
    List<Place> sequences = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (Place place : places) {
      if (sequences.isEmpty() || sequences.getLast().tokens() != place.tokens()) {
        sequences.add(place);
        steps.add(0L);
      }
      steps.set(steps.size() - 1, steps.getLast() + 1);
    }
    return Artifact.empty()
        .with(ROLE, model.role().name())
        .with(NAME, model.name())
        .with(TOKENS, longs(sequences.stream().flatMapToInt(s -> IntStream.of(s.tokens()))))
        .with(LENGTHS, longs(sequences.stream().mapToInt(s -> s.tokens().length)))
        .with(STEPS, steps.stream().mapToLong(count -> count).toArray())
        .with(
            SPANS,
            longs(
                places.stream()
                    .flatMap(place -> place.spans().stream())
                    .flatMapToInt(span -> IntStream.of(span.from(), span.to()))));
  }

  private static long[] longs(IntStream values) {
    return values.asLongStream().toArray();
  }

  /** Reads the steps of a shard: per position {@code [steps, layers · width]} float32. */
  public static Artifact shard(Artifact input, ShardContext context) {
    ReadingModel model = new ReadingModel(ModelRole.valueOf(input.text(ROLE)), input.text(NAME));
    StepActivations read = StepActivations.read(model.in(context), places(input));
    Artifact shard = Artifact.empty().with(LAYERS, read.layers()).with(WIDTH, read.width());
    for (int i = 0; i < read.positions().size(); i++) {
      shard = shard.with(StepActivations.POSITIONS.get(i), read.positions().get(i));
    }
    return shard;
  }

  private static List<Place> places(Artifact input) {
    int[] tokens = ints(input, TOKENS);
    int[] lengths = ints(input, LENGTHS);
    int[] steps = ints(input, STEPS);
    int[] spans = ints(input, SPANS);
    List<Place> places = new ArrayList<>();
    int from = 0;
    int span = 0;
    for (int sequence = 0; sequence < lengths.length; sequence++) {
      int[] own = Arrays.copyOfRange(tokens, from, from + lengths[sequence]);
      from += lengths[sequence];
      for (int step = 0; step < steps[sequence]; step++) {
        List<Span> read = new ArrayList<>();
        for (String position : StepActivations.POSITIONS) {
          read.add(new Span(position, spans[span], spans[span + 1]));
          span += 2;
        }
        places.add(new Place(own, read));
      }
    }
    return places;
  }

  private static int[] ints(Artifact input, String name) {
    return Arrays.stream(input.integers(name)).mapToInt(Math::toIntExact).toArray();
  }

  private static StepActivations activations(Artifact shard) {
    return new StepActivations(
        Math.toIntExact(shard.integers(LAYERS)[0]),
        Math.toIntExact(shard.integers(WIDTH)[0]),
        StepActivations.POSITIONS.stream().map(shard::tensor).toList());
  }
}
