package dev.sonde.backend.llamacpp;

import dev.sonde.api.Resources;

/**
 * Where the tests of this backend run: on the processor, or on what {@code -Dsonde.llama.device}
 * names, such as Mesa's software device with {@code GGML_VK_VISIBLE_DEVICES=0} in the environment.
 */
final class TestedDevice {
  /** Its kind. */
  static final String KIND = System.getProperty("sonde.llama.device", Resources.CPU);

  private TestedDevice() {}

  static boolean isProcessor() {
    return KIND.equals(Resources.CPU);
  }

  /** The same resources with that device. */
  static Resources of(Resources resources) {
    return resources.device(KIND);
  }
}
