package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import java.util.List;

/** A closed form: many labelings of the same rows are fitted together, one is many. */
interface SharedFit extends Decoder {
  @Override
  default boolean closedForm() {
    return true;
  }

  @Override
  default Scorer fit(Design train, Targets targets) {
    return fitAll(train, List.of(targets)).getFirst();
  }

  @Override
  List<Scorer> fitAll(Design train, List<Targets> many);
}
