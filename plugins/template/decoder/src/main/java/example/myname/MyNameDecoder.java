package example.myname;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import java.util.List;

/** Weighs each feature by its slope on the labels; for two classes, the difference of their means. */
final class MyNameDecoder implements Decoder {
  @Override
  public Scorer fit(Design train, Targets targets) {
    double[] weights = train.slopes(List.of(targets)).slopes().column(0);
    return Scorer.linear(weights, 0);
  }
}
