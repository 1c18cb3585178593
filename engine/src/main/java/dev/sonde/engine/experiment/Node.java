package dev.sonde.engine.experiment;

import dev.sonde.api.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A node of a YAML document that knows where it was written. */
sealed interface Node {
  /** File and line, or the command-line option, for messages. */
  String place();

  /** Its dotted path from the root; empty for the root. */
  String path();

  /** The value as plain Java: maps, lists, texts, numbers, booleans. */
  Object plain();

  /** An error about this node. */
  default InvalidInputException error(String message) {
    return new InvalidInputException(
        path().isEmpty()
            ? place() + ": " + message
            : "%s: %s: %s".formatted(place(), path(), message));
  }

  /** A mapping with its keys in file order. */
  record Mapping(String place, String path, Map<String, Node> entries) implements Node {
    @Override
    public Object plain() {
      return entries.entrySet().stream()
          .collect(
              Collectors.toMap(
                  Map.Entry::getKey, e -> e.getValue().plain(), (a, b) -> a, LinkedHashMap::new));
    }
  }

  /** A list. */
  record Sequence(String place, String path, List<Node> items) implements Node {
    @Override
    public Object plain() {
      return items.stream().map(Node::plain).toList();
    }
  }

  /**
   * A single value.
   *
   * @param value a text, {@link Long}, {@link Double} or {@link Boolean}
   * @param written as it stands in the file
   */
  record Scalar(String place, String path, Object value, String written) implements Node {
    @Override
    public Object plain() {
      return value;
    }
  }
}
