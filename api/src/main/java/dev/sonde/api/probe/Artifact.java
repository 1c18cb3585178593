package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.Matrix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Named tensors, integers and texts: what a stage gives and what a shard is given. It is kept as a
 * safetensors file, so that other tools can read it too.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class Artifact {
  private final Map<String, Matrix> tensors;
  private final Map<String, long[]> integers;
  private final Map<String, String> texts;

  private Artifact(Builder builder) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(builder.tensors));
    this.integers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.integers));
    this.texts = Collections.unmodifiableMap(new LinkedHashMap<>(builder.texts));
  }

  /** An empty builder. */
  public static Builder builder() {
    return new Builder();
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

  /** Collects the parts; a name stands for one of them only. */
  public static final class Builder {
    private final Map<String, Matrix> tensors = new LinkedHashMap<>();
    private final Map<String, long[]> integers = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();

    private Builder() {}

    /** Adds a tensor, which is not copied. */
    public Builder tensor(String name, Matrix cells) {
      requireFree(name);
      tensors.put(name, cells);
      return this;
    }

    /** Adds a list of integers. */
    public Builder integers(String name, long... numbers) {
      requireFree(name);
      integers.put(name, numbers.clone());
      return this;
    }

    /** Adds a text. */
    public Builder text(String name, String text) {
      requireFree(name);
      texts.put(name, text);
      return this;
    }

    private void requireFree(String name) {
      if (tensors.containsKey(name) || integers.containsKey(name) || texts.containsKey(name)) {
        throw new IllegalArgumentException("there is a '%s' already".formatted(name));
      }
    }

    /** The artifact. */
    public Artifact build() {
      return new Artifact(this);
    }
  }
}
