package dev.sonde.testkit;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Rows of two labels in groups of four, each group of one label. */
public final class PlantedStudy implements Study {
  /** Number of rows. */
  public static final int ROWS = 160;

  private static final int GROUP = 4;

  private final List<Example> examples = new ArrayList<>();
  private final Optional<Targets> targets;
  private final boolean[] planted = new boolean[ROWS];

  private PlantedStudy(boolean labelled, Optional<Long> shuffle) {
    for (int row = 0; row < ROWS; row++) {
      planted[row] = row / GROUP % 2 == 0;
      examples.add(new Row(row));
    }
    List<Integer> groups = new ArrayList<>(IntStream.range(0, ROWS / GROUP).boxed().toList());
    shuffle.ifPresent(seed -> Collections.shuffle(groups, new Random(seed)));
    boolean[] labels = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      labels[row] = groups.get(row / GROUP) % 2 == 0;
    }
    this.targets = labelled ? Optional.of(Targets.binary(labels, "yes", "no")) : Optional.empty();
  }

  /** Labels that are planted in the activations. */
  public static PlantedStudy planted() {
    return new PlantedStudy(true, Optional.empty());
  }

  /** Labels that were exchanged between groups at random, and so mean nothing. */
  public static PlantedStudy shuffled(long seed) {
    return new PlantedStudy(true, Optional.of(seed));
  }

  /** Rows without labels. */
  public static PlantedStudy unlabelled() {
    return new PlantedStudy(false, Optional.empty());
  }

  /** What is planted in a row, whatever its label says. */
  boolean isPlanted(int row) {
    return planted[row];
  }

  @Override
  public String name() {
    return "data";
  }

  @Override
  public List<Example> examples() {
    return List.copyOf(examples);
  }

  @Override
  public Optional<Targets> targets() {
    return targets;
  }

  @Override
  public List<String> groups() {
    return IntStream.range(0, ROWS).mapToObj(row -> "group " + row / GROUP).toList();
  }

  /** A row with nothing but its text. */
  private record Row(int number) implements Example {
    @Override
    public String id() {
      return "row-" + number;
    }

    @Override
    public String text() {
      return "the text of row " + number;
    }

    @Override
    public boolean has(String column) {
      return columns().contains(column);
    }

    @Override
    public Set<String> columns() {
      return Set.of("text");
    }

    @Override
    public String text(String column) {
      if (has(column)) {
        return text();
      }
      throw missing(column);
    }

    @Override
    public Optional<Double> number(String column) {
      if (has(column)) {
        throw new InvalidInputException("planted.jsonl:%d: no number".formatted(number + 1));
      }
      return Optional.empty();
    }

    @Override
    public List<String> texts(String column) {
      throw missing(column);
    }

    private InvalidInputException missing(String column) {
      return new InvalidInputException(
          "planted.jsonl:%d: has no column '%s'".formatted(number + 1, column));
    }
  }
}
