package dev.sonde.testkit;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A configuration for tests: the defaults of some settings, with values of your own over them. */
public final class SettingsConfig implements Config {
  private final Map<String, Object> values = new LinkedHashMap<>();

  /**
   * The defaults, and the given values.
   *
   * @throws IllegalArgumentException if a value has no setting
   */
  public SettingsConfig(Settings settings, Map<String, Object> given) {
    for (Setting setting : settings.all()) {
      setting.defaultValue().ifPresent(value -> values.put(setting.name(), value));
    }
    given.forEach(
        (name, value) -> {
          if (settings.find(name).isEmpty()) {
            throw new IllegalArgumentException("there is no setting '" + name + "'");
          }
          values.put(name, value);
        });
  }

  /** The defaults. */
  public static SettingsConfig defaults(Settings settings) {
    return new SettingsConfig(settings, Map.of());
  }

  private Object get(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw error(key, "is missing");
    }
    return value;
  }

  @Override
  public boolean has(String key) {
    return values.containsKey(key);
  }

  @Override
  public Set<String> keys() {
    return Set.copyOf(values.keySet());
  }

  @Override
  public String string(String key) {
    return get(key).toString();
  }

  @Override
  public int integer(String key) {
    return ((Number) get(key)).intValue();
  }

  @Override
  public double real(String key) {
    return ((Number) get(key)).doubleValue();
  }

  @Override
  public boolean flag(String key) {
    return (Boolean) get(key);
  }

  @Override
  public List<String> strings(String key) {
    return list(key).stream().map(Object::toString).toList();
  }

  @Override
  public List<Double> reals(String key) {
    return list(key).stream().map(value -> ((Number) value).doubleValue()).toList();
  }

  private List<?> list(String key) {
    return get(key) instanceof List<?> list ? list : List.of(get(key));
  }

  @Override
  public Config child(String key) {
    throw error(key, "holds no mapping");
  }

  @Override
  public List<Config> children(String key) {
    throw error(key, "holds no mappings");
  }

  @Override
  public InvalidInputException error(String key, String message) {
    return new InvalidInputException(key + ": " + message);
  }
}
