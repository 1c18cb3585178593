package dev.sonde.engine.plugin;

/**
 * A version of the api. A plugin works with the same major version and a minor version that is not
 * newer; before 1.0 a breaking change raises the minor version, and the host states the lowest it
 * accepts.
 */
record ApiVersion(int major, int minor, String text) {
  private static final int LOWEST_MINOR = 2;

  static ApiVersion parse(String raw) {
    String[] parts = raw.split("[.\\-+]", 3);
    try {
      return new ApiVersion(
          Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0, raw);
    } catch (NumberFormatException e) {
      return new ApiVersion(-1, 0, raw);
    }
  }

  boolean accepts(ApiVersion compiled) {
    boolean oldEnough = compiled.minor <= minor;
    boolean newEnough = major > 0 || compiled.minor >= LOWEST_MINOR;
    return compiled.major == major && oldEnough && newEnough;
  }

  @Override
  public String toString() {
    return text;
  }
}
