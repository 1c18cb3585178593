package dev.sonde.api.report;

import java.util.List;
import java.util.Objects;

/**
 * A text whose parts are shaded, each with what it says of the others when a reader asks for it: a
 * chain of thought with the importance of its steps. Parts are told apart by their labels as well
 * as by shades.
 *
 * @param name short name, unique in the section
 * @param title what it is
 * @param caption how to read it, for eyes and screen readers
 * @param lead unshaded text before the first part, such as a question; may be empty
 * @param parts the parts in order
 */
public record Passage(String name, String title, String caption, String lead, List<Part> parts) {
  /**
   * A passage with its list copied.
   *
   * @throws IllegalArgumentException if a link leads to no part
   */
  public Passage {
    Objects.requireNonNull(name, "a passage's name");
    Objects.requireNonNull(title, () -> "the title of passage " + name);
    Objects.requireNonNull(caption, () -> "the caption of passage " + name);
    Objects.requireNonNull(lead, () -> "the lead of passage " + name);
    parts = List.copyOf(parts);
    for (Part part : parts) {
      for (Link link : part.links()) {
        if (link.part() < 0 || link.part() >= parts.size()) {
          throw new IllegalArgumentException(
              "passage %s: a link to part %d of %d".formatted(name, link.part(), parts.size()));
        }
      }
    }
  }

  /**
   * A part.
   *
   * @param text as it stands
   * @param label a word for its kind, such as {@code important}
   * @param shade from 0, none, to 1
   * @param remark what a reader is told of it on demand
   * @param links how strongly it is tied to other parts
   */
  public record Part(String text, String label, double shade, String remark, List<Link> links) {
    /** A part with its list copied. */
    public Part {
      Objects.requireNonNull(text, "the text of a part");
      Objects.requireNonNull(label, "the label of a part");
      Objects.requireNonNull(remark, "the remark of a part");
      links = List.copyOf(links);
    }
  }

  /**
   * A tie between two parts.
   *
   * @param part the index of the other part
   * @param strength from 0 to 1
   */
  public record Link(int part, double strength) {}
}
