package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A text whose parts are shaded, each with what it says of the others when a reader asks for it: a
 * chain of thought with the importance of its steps. Parts are told apart by their labels as well
 * as by shades.
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Passage {
  private final String name;
  private final String title;
  private final String caption;
  private final String lead;
  private final List<Part> parts;

  private Passage(String name, String title, String caption, String lead, List<Part> parts) {
    this.name = Objects.requireNonNull(name, "a passage's name");
    this.title = Objects.requireNonNull(title, () -> "the title of passage " + name);
    this.caption = Objects.requireNonNull(caption, () -> "the caption of passage " + name);
    this.lead = Objects.requireNonNull(lead, () -> "the lead of passage " + name);
    this.parts = List.copyOf(parts);
    for (Part part : parts) {
      for (int linked : part.links().keySet()) {
        if (linked < 0 || linked >= parts.size()) {
          throw new IllegalArgumentException(
              "passage %s: a link to part %d of %d".formatted(name, linked, parts.size()));
        }
      }
    }
  }

  /**
   * A passage.
   *
   * @param name short name, unique in the section
   * @param title what it is
   * @param caption how to read it, for eyes and screen readers
   * @param lead unshaded text before the first part, such as a question; may be empty
   * @param parts the parts in order
   * @throws IllegalArgumentException if a link leads to no part
   */
  public static Passage of(
      String name, String title, String caption, String lead, List<Part> parts) {
    return new Passage(name, title, caption, lead, parts);
  }

  /** Short name, unique in the section. */
  public String name() {
    return name;
  }

  /** What it is. */
  public String title() {
    return title;
  }

  /** How to read it, for eyes and screen readers. */
  public String caption() {
    return caption;
  }

  /** Unshaded text before the first part; may be empty. */
  public String lead() {
    return lead;
  }

  /** The parts in order. */
  public List<Part> parts() {
    return parts;
  }

  /** A part of the text. */
  public static final class Part {
    private final String text;
    private final String label;
    private final double shade;
    private final String remark;
    private final Map<Integer, Double> links;

    private Part(
        String text, String label, double shade, String remark, Map<Integer, Double> links) {
      this.text = Objects.requireNonNull(text, "the text of a part");
      this.label = Objects.requireNonNull(label, "the label of a part");
      this.shade = shade;
      this.remark = Objects.requireNonNull(remark, "the remark of a part");
      this.links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
    }

    /**
     * A part.
     *
     * @param text as it stands
     * @param label a word for its kind, such as {@code important}
     * @param shade from 0, none, to 1
     * @param remark what a reader is told of it on demand
     * @param links how strongly it is tied to other parts, by their indices, from 0 to 1
     */
    public static Part of(
        String text, String label, double shade, String remark, Map<Integer, Double> links) {
      return new Part(text, label, shade, remark, links);
    }

    /** Its text as it stands. */
    public String text() {
      return text;
    }

    /** A word for its kind, such as {@code important}. */
    public String label() {
      return label;
    }

    /** From 0, none, to 1. */
    public double shade() {
      return shade;
    }

    /** What a reader is told of it on demand. */
    public String remark() {
      return remark;
    }

    /** How strongly it is tied to other parts. */
    public Map<Integer, Double> links() {
      return links;
    }
  }
}
