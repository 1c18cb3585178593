package dev.sonde.probe.linear;

/** What the figures share. */
final class FigureColours {
  /** Colours that stay apart for the colour-blind (Okabe and Ito 2008). */
  static final String CONFIG =
      """
      "config": {"range": {"category": ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                        "#56B4E9"]},
                 "legend": {"orient": "top", "title": null, "symbolOpacity": 1, "labelLimit": 260}}
      """;

  private FigureColours() {}
}
