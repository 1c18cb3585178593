package dev.sonde.api.report;

import java.util.List;
import java.util.Objects;

/**
 * A figure as a Vega-Lite specification. Colour must not be the only thing that tells series apart:
 * add shapes, dashes or labels.
 *
 * @param name short name, unique in the section
 * @param title what it shows
 * @param caption how to read it, for eyes and screen readers
 * @param vegaLite the specification as JSON text; it refers to its data by name, {@code "data":
 *     {"name": "curve"}}
 * @param data the tables it refers to, by their names
 */
public record Figure(String name, String title, String caption, String vegaLite, List<Table> data) {
  /** A figure with its list copied. */
  public Figure {
    Objects.requireNonNull(name, "a figure's name");
    Objects.requireNonNull(title, () -> "the title of figure " + name);
    Objects.requireNonNull(caption, () -> "the caption of figure " + name);
    Objects.requireNonNull(vegaLite, () -> "the specification of figure " + name);
    data = List.copyOf(data);
  }
}
