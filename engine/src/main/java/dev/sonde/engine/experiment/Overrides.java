package dev.sonde.engine.experiment;

import dev.sonde.api.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values set on the command line: {@code --set probes.direction.with.tokens=first}. */
final class Overrides {
  private Overrides() {}

  /** The root with one value replaced or added. */
  static Node.Mapping apply(Node.Mapping root, String assignment) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      throw new InvalidInputException(
          "--set %s: write --set path.to.key=value".formatted(assignment));
    }
    String path = assignment.substring(0, equals);
    String source = "--set " + assignment;
    Node value =
        Yaml.parse(assignment.substring(equals + 1), source)
            .orElseThrow(() -> new InvalidInputException(source + ": the value is empty"));
    return (Node.Mapping) replace(root, List.of(path.split("\\.", -1)), "", value, source);
  }

  private static Node replace(
      Node node, List<String> path, String done, Node value, String source) {
    if (path.isEmpty()) {
      return moved(value, done, source);
    }
    String key = path.getFirst();
    String here = done.isEmpty() ? key : done + "." + key;
    List<String> rest = path.subList(1, path.size());
    return switch (node) {
      case Node.Mapping mapping -> {
        Map<String, Node> entries = new LinkedHashMap<>(mapping.entries());
        Node child =
            entries.getOrDefault(key, new Node.Mapping(source, here, new LinkedHashMap<>()));
        entries.put(key, replace(child, rest, here, value, source));
        yield new Node.Mapping(mapping.place(), mapping.path(), entries);
      }
      case Node.Sequence sequence -> {
        List<Node> items = new ArrayList<>(sequence.items());
        int index = index(sequence, key, source);
        items.set(index, replace(items.get(index), rest, here, value, source));
        yield new Node.Sequence(sequence.place(), sequence.path(), List.copyOf(items));
      }
      case Node.Scalar scalar -> throw scalar.error(source + ": is a single value, without keys");
    };
  }

  /** A list item by number, or by its {@code name}, which is what it uses if it has none. */
  private static int index(Node.Sequence sequence, String key, String source) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      if (key.equals(String.valueOf(i))) {
        return i;
      }
      if (sequence.items().get(i) instanceof Node.Mapping item
          && item.entries().getOrDefault("name", item.entries().get("use"))
              instanceof Node.Scalar name) {
        if (name.written().equals(key)) {
          return i;
        }
        names.add(name.written());
      }
    }
    throw sequence.error("%s: there is no item '%s'; there are %s".formatted(source, key, names));
  }

  /** The value with the path of the place it was moved to. */
  private static Node moved(Node value, String path, String source) {
    return switch (value) {
      case Node.Scalar scalar -> new Node.Scalar(source, path, scalar.value(), scalar.written());
      case Node.Sequence sequence -> {
        List<Node> items = new ArrayList<>();
        for (Node item : sequence.items()) {
          items.add(moved(item, path + "." + items.size(), source));
        }
        yield new Node.Sequence(source, path, List.copyOf(items));
      }
      case Node.Mapping mapping -> {
        Map<String, Node> entries = new LinkedHashMap<>();
        mapping.entries().forEach((k, v) -> entries.put(k, moved(v, path + "." + k, source)));
        yield new Node.Mapping(source, path, entries);
      }
    };
  }
}
