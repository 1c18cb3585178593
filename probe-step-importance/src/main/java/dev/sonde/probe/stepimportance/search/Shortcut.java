package dev.sonde.probe.stepimportance.search;

import java.util.Locale;

/** A step that was taken out because it gives the answer away. */
public record Shortcut(int step, Why why) {
  /** How it does. */
  public enum Why {
    /** It says the accepted answer in words or in a box. */
    STATES("states the answer"),
    /** It suffices alone. */
    SUFFICES("suffices alone");

    private final String text;

    Why(String text) {
      this.text = text;
    }

    /** In words. */
    public String text() {
      return text;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
