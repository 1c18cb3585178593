package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
import java.util.List;
import java.util.Objects;

/**
 * A figure as a Vega-Lite specification. Colour must not be the only thing that tells series apart:
 * add shapes, dashes or labels.
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Figure {
  private final String name;
  private final String title;
  private final String caption;
  private final String vegaLite;
  private final List<Table> data;

  private Figure(String name, String title, String caption, String vegaLite, List<Table> data) {
    this.name = Objects.requireNonNull(name, "a figure's name");
    this.title = Objects.requireNonNull(title, () -> "the title of figure " + name);
    this.caption = Objects.requireNonNull(caption, () -> "the caption of figure " + name);
    this.vegaLite = Objects.requireNonNull(vegaLite, () -> "the specification of figure " + name);
    this.data = List.copyOf(data);
  }

  /**
   * A figure.
   *
   * @param name short name, unique in the section
   * @param title what it shows
   * @param caption how to read it, for eyes and screen readers
   * @param vegaLite the specification as JSON text; it refers to its data by name, {@code "data":
   *     {"name": "curve"}}
   * @param data the tables it refers to, by their names
   */
  public static Figure of(
      String name, String title, String caption, String vegaLite, List<Table> data) {
    return new Figure(name, title, caption, vegaLite, data);
  }

  /** Short name, unique in the section. */
  public String name() {
    return name;
  }

  /** What it shows. */
  public String title() {
    return title;
  }

  /** How to read it, for eyes and screen readers. */
  public String caption() {
    return caption;
  }

  /** The specification as JSON text. */
  public String vegaLite() {
    return vegaLite;
  }

  /** The tables it refers to, by their names. */
  public List<Table> data() {
    return data;
  }
}
