package dev.sonde.engine.experiment;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.host.MissingFile;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.TextFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads YAML 1.2 into {@link Node}s and writes plain values back. */
final class Yaml {
  private static final int DEEPEST = 100;

  private Yaml() {}

  /**
   * The mapping in a file.
   *
   * @throws InvalidInputException naming file and line if it is missing or malformed
   */
  static Node.Mapping read(Path file) {
    String text;
    try {
      text = TextFile.read(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(MissingFile.message(file), e);
    } catch (FormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
    }
    if (parse(text, file.toString()).orElse(null) instanceof Node.Mapping mapping) {
      return mapping;
    }
    throw new InvalidInputException(file + ": is empty or not a mapping of keys to values");
  }

  /** The value of a YAML fragment; empty for an empty text or null. */
  static Optional<Node> parse(String text, String source) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(source).setAllowDuplicateKeys(false).build();
    try {
      checkShape(parser(settings, text), source);
      return new Composer(settings, parser(settings, text))
          .getSingleNode()
          .flatMap(node -> convert(node, source, ""));
    } catch (MarkedYamlEngineException e) {
      String place = e.getProblemMark().map(m -> source + ":" + (m.getLine() + 1)).orElse(source);
      throw new InvalidInputException(place + ": malformed YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new InvalidInputException(source + ": malformed YAML: " + e.getMessage(), e);
    }
  }

  private static ParserImpl parser(LoadSettings settings, String text) {
    return new ParserImpl(settings, new StreamReader(settings, text));
  }

  /** Refuses what a reader would follow without end: aliases, and nesting that no file needs. */
  private static void checkShape(ParserImpl events, String source) {
    int depth = 0;
    while (events.hasNext()) {
      Event event = events.next();
      String place = event.getStartMark().map(m -> source + ":" + (m.getLine() + 1)).orElse(source);
      switch (event.getEventId()) {
        case Alias -> throw new InvalidInputException(place + ": aliases are not supported");
        case MappingStart, SequenceStart -> {
          if (++depth > DEEPEST) {
            throw new InvalidInputException(
                "%s: is nested more than %d deep".formatted(place, DEEPEST));
          }
        }
        case MappingEnd, SequenceEnd -> depth--;
        default -> {} // scalars, and where the document begins and ends
      }
    }
  }

  private static Optional<Node> convert(
      org.snakeyaml.engine.v2.nodes.Node node, String source, String path) {
    String place = node.getStartMark().map(m -> source + ":" + (m.getLine() + 1)).orElse(source);
    return switch (node) {
      case MappingNode mapping -> Optional.of(mapping(mapping, source, place, path));
      case SequenceNode sequence -> {
        List<Node> items = new ArrayList<>();
        for (var item : sequence.getValue()) {
          convert(item, source, path + "." + items.size()).ifPresent(items::add);
        }
        yield Optional.of(new Node.Sequence(place, path, List.copyOf(items)));
      }
      case ScalarNode scalar -> scalar(scalar, place, path);
      default ->
          throw new InvalidInputException(place + ": is neither a text, a list nor a mapping");
    };
  }

  private static Node mapping(MappingNode mapping, String source, String place, String path) {
    Map<String, Node> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        throw new InvalidInputException(place + ": a key must be a text");
      }
      String key = keyNode.getValue();
      String childPath = path.isEmpty() ? key : path + "." + key;
      convert(tuple.getValueNode(), source, childPath)
          .ifPresent(
              value -> {
                if (entries.put(key, value) != null) {
                  throw value.error("this key stands twice");
                }
              });
    }
    return new Node.Mapping(place, path, entries);
  }

  private static Optional<Node> scalar(ScalarNode scalar, String place, String path) {
    String written = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return Optional.empty();
    }
    Object value = written;
    try {
      if (tag.equals(Tag.BOOL)) {
        value = Boolean.valueOf(written);
      } else if (tag.equals(Tag.INT)) {
        value = Long.decode(written.startsWith("0o") ? "0" + written.substring(2) : written);
      } else if (tag.equals(Tag.FLOAT)) {
        value = Double.valueOf(written.replace(".inf", "Infinity").replace(".nan", "NaN"));
      }
    } catch (NumberFormatException e) {
      throw new InvalidInputException(place + ": " + written + " is too large a number", e);
    }
    return Optional.of(new Node.Scalar(place, path, value, written));
  }

  /** A plain mapping as nodes that were written at the given place. */
  static Node.Mapping mapping(Map<String, Object> plain, String place) {
    return (Node.Mapping) node(plain, place, "");
  }

  /** A plain value as a node that was written at the given place. */
  static Node node(Object value, String place, String path) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Node> entries = new LinkedHashMap<>();
        map.forEach(
            (key, item) -> {
              String child = path.isEmpty() ? key.toString() : path + "." + key;
              entries.put(key.toString(), node(item, place, child));
            });
        yield new Node.Mapping(place, path, entries);
      }
      case List<?> list -> {
        List<Node> items = new ArrayList<>();
        list.forEach(item -> items.add(node(item, place, path + "." + items.size())));
        yield new Node.Sequence(place, path, List.copyOf(items));
      }
      case Integer number -> new Node.Scalar(place, path, number.longValue(), number.toString());
      default -> new Node.Scalar(place, path, value, value.toString());
    };
  }

  /** A plain value as YAML text. */
  static String write(Object plain) {
    // A list that stands in two places is written twice: aliases are refused when it is read.
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.AUTO)
            .setWidth(100)
            .setDereferenceAliases(true)
            .build();
    return new Dump(settings).dumpToString(plain);
  }
}
