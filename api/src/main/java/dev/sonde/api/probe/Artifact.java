package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.Matrix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Named tensors, integers and texts: what a stage gives and what a shard is given. It is kept as a
 * safetensors file, so that other tools can read it too. An instance is immutable; each method that
 * adds gives another one.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class Artifact {
  private final Map<String, Matrix> tensors;
  private final Map<String, long[]> integers;
  private final Map<String, String> texts;

  private Artifact(
      Map<String, Matrix> tensors, Map<String, long[]> integers, Map<String, String> texts) {
    this.tensors = tensors;
    this.integers = integers;
    this.texts = texts;
  }

  /** An artifact that holds nothing. */
  public static Artifact empty() {
    return new Artifact(Map.of(), Map.of(), Map.of());
  }

  /**
   * Adds a tensor, which is not copied.
   *
   * @throws IllegalArgumentException if the name stands for something already
   */
  public Artifact with(String name, Matrix cells) {
    return new Artifact(added(tensors, name, cells), integers, texts);
  }

  /**
   * Adds a list of integers.
   *
   * @throws IllegalArgumentException if the name stands for something already
   */
  public Artifact with(String name, long... numbers) {
    return new Artifact(tensors, added(integers, name, numbers.clone()), texts);
  }

  /**
   * Adds a text.
   *
   * @throws IllegalArgumentException if the name stands for something already
   */
  public Artifact with(String name, String text) {
    return new Artifact(tensors, integers, added(texts, name, text));
  }

  /**
   * Adds all that another one holds.
   *
   * @throws IllegalArgumentException if a name stands for something already
   */
  public Artifact with(Artifact more) {
    Artifact both = this;
    for (Map.Entry<String, Matrix> tensor : more.tensors.entrySet()) {
      both = both.with(tensor.getKey(), tensor.getValue());
    }
    for (Map.Entry<String, long[]> numbers : more.integers.entrySet()) {
      both = both.with(numbers.getKey(), numbers.getValue());
    }
    for (Map.Entry<String, String> text : more.texts.entrySet()) {
      both = both.with(text.getKey(), text.getValue());
    }
    return both;
  }

  private <T> Map<String, T> added(Map<String, T> all, String name, T value) {
    if (tensors.containsKey(name) || integers.containsKey(name) || texts.containsKey(name)) {
      throw new IllegalArgumentException("there is a '%s' already".formatted(name));
    }
    Map<String, T> more = new LinkedHashMap<>(all);
    more.put(name, value);
    return Collections.unmodifiableMap(more);
  }

  /** The tensors by name, {@code [rows, columns]}; those of a stage are mapped from its file. */
  public Map<String, Matrix> tensors() {
    return tensors;
  }

  /** The lists of integers by name. */
  public Map<String, long[]> integers() {
    return integers;
  }

  /** The texts by name. */
  public Map<String, String> texts() {
    return texts;
  }

  /**
   * A tensor.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Matrix tensor(String name) {
    return named(tensors, name);
  }

  /**
   * A list of integers.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public long[] integers(String name) {
    return named(integers, name).clone();
  }

  /**
   * A text.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public String text(String name) {
    return named(texts, name);
  }

  private static <T> T named(Map<String, T> all, String name) {
    return Optional.ofNullable(all.get(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "has no '%s'; it has %s".formatted(name, all.keySet())));
  }
}
