package dev.sonde.engine.experiment;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import dev.sonde.engine.plugin.NearestNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A mapping of the experiment file, checked against settings, with defaults filled in. */
public final class ConfigView implements Config {
  private static final String DEFAULT = "default";

  private final Node.Mapping node;
  private final Map<String, Node> values;

  private ConfigView(Node.Mapping node, Map<String, Node> values) {
    this.node = node;
    this.values = values;
  }

  /**
   * Checks a mapping.
   *
   * @throws InvalidInputException naming place and key if one is unknown, missing, or of another
   *     type than its setting
   */
  static ConfigView checked(Node.Mapping node, Settings settings) {
    List<String> names = settings.all().stream().map(Setting::name).toList();
    node.entries()
        .forEach(
            (key, value) -> {
              if (!names.contains(key)) {
                throw value.error("unknown key; " + NearestNames.hint(key, names));
              }
            });
    Map<String, Node> values = new LinkedHashMap<>();
    for (Setting setting : settings.all()) {
      Node given = node.entries().get(setting.name());
      if (given != null) {
        checkType(given, setting);
        values.put(setting.name(), given);
      } else if (setting.required()) {
        throw node.error("the key '%s' is missing: %s".formatted(setting.name(), setting.doc()));
      } else {
        setting
            .defaultValue()
            .ifPresent(
                value ->
                    values.put(setting.name(), Yaml.node(value, DEFAULT, path(node, setting))));
      }
    }
    return new ConfigView(node, values);
  }

  /** The configuration of an absent mapping: every setting at its default. */
  public static ConfigView defaults(Settings settings, String path) {
    return checked(new Node.Mapping(DEFAULT, path, Map.of()), settings);
  }

  /**
   * Settings that were written down with defaults by {@link #plain()}.
   *
   * @param place named in messages
   */
  public static ConfigView of(Map<String, Object> plain, Settings settings, String place) {
    return checked(Yaml.mapping(plain, place), settings);
  }

  private static ConfigView unchecked(Node.Mapping node) {
    return new ConfigView(node, node.entries());
  }

  private static String path(Node.Mapping node, Setting setting) {
    return node.path().isEmpty() ? setting.name() : node.path() + "." + setting.name();
  }

  private static void checkType(Node given, Setting setting) {
    switch (setting.type()) {
      case STRING -> text(given);
      case INTEGER -> whole(given);
      case REAL -> number(given);
      case BOOLEAN -> truth(given);
      case STRINGS -> items(given).forEach(ConfigView::text);
      case REALS -> items(given).forEach(ConfigView::number);
      case TREE -> {}
    }
    if (!setting.choices().isEmpty() && !setting.choices().contains(text(given))) {
      throw given.error(
          "'%s' is not one of %s".formatted(text(given), String.join(", ", setting.choices())));
    }
  }

  /** The values with defaults, as plain Java. */
  public Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    values.forEach((key, value) -> plain.put(key, value.plain()));
    return plain;
  }

  /**
   * A mapping of the user's own making as plain Java; empty where the key has no value.
   *
   * @throws InvalidInputException if it is no mapping
   */
  public Map<String, Object> plain(String key) {
    if (!has(key)) {
      return Map.of();
    }
    if (get(key) instanceof Node.Mapping mapping) {
      Map<String, Object> plain = new LinkedHashMap<>();
      mapping.entries().forEach((name, value) -> plain.put(name, value.plain()));
      return plain;
    }
    throw get(key).error("is not a mapping of names to values");
  }

  /** Where a key was written. */
  String place(String key) {
    return get(key).place();
  }

  @Override
  public boolean has(String key) {
    return values.containsKey(key);
  }

  @Override
  public Set<String> keys() {
    return new LinkedHashSet<>(values.keySet());
  }

  @Override
  public String string(String key) {
    return text(get(key));
  }

  @Override
  public int integer(String key) {
    return whole(get(key));
  }

  @Override
  public double real(String key) {
    return number(get(key));
  }

  @Override
  public boolean flag(String key) {
    return truth(get(key));
  }

  @Override
  public List<String> strings(String key) {
    return items(get(key)).stream().map(ConfigView::text).toList();
  }

  @Override
  public List<Double> reals(String key) {
    return items(get(key)).stream().map(ConfigView::number).toList();
  }

  @Override
  public Config child(String key) {
    if (get(key) instanceof Node.Mapping mapping) {
      return unchecked(mapping);
    }
    throw get(key).error("is not a mapping");
  }

  @Override
  public List<Config> children(String key) {
    List<Config> children = new ArrayList<>();
    for (Node item : items(get(key))) {
      if (!(item instanceof Node.Mapping mapping)) {
        throw item.error("is not a mapping");
      }
      children.add(unchecked(mapping));
    }
    return children;
  }

  @Override
  public InvalidInputException error(String key, String message) {
    return values.containsKey(key) ? get(key).error(message) : node.error(key + ": " + message);
  }

  /** The node of a key that has a value. */
  Node get(String key) {
    Node value = values.get(key);
    if (value == null) {
      throw node.error("the key '%s' is missing".formatted(key));
    }
    return value;
  }

  private static List<Node> items(Node node) {
    return node instanceof Node.Sequence sequence ? sequence.items() : List.of(node);
  }

  private static String text(Node node) {
    if (node instanceof Node.Scalar scalar) {
      return scalar.written();
    }
    throw node.error("is not a single text");
  }

  private static int whole(Node node) {
    if (node instanceof Node.Scalar scalar
        && scalar.value() instanceof Long number
        && number == number.intValue()) {
      return number.intValue();
    }
    throw node.error("is not a whole number");
  }

  private static double number(Node node) {
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof Number number) {
      return number.doubleValue();
    }
    throw node.error("is not a number");
  }

  private static boolean truth(Node node) {
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof Boolean truth) {
      return truth;
    }
    throw node.error("is not true or false");
  }
}
