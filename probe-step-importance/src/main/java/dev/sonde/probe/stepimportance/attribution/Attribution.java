package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.util.List;

/** A way to say how strongly steps bear on later ones. */
public interface Attribution {
  /** The matrices of some windows, in their order. */
  List<InfluenceMatrix> of(Model model, List<Window> windows, TokenCosts costs);
}
