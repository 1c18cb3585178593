package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.util.List;

/** A way to say how strongly steps bear on later ones. */
interface Attribution {
  /** The matrices of some windows, in their order. */
  List<InfluenceMatrix> of(Model model, List<Window> windows, TokenCosts costs);
}
