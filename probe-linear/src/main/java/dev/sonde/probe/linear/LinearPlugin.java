package dev.sonde.probe.linear;

import dev.sonde.api.Plugin;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.probe.linear.answers.AnswersProbeFactory;
import java.util.List;

/** Offers the probes {@code linear} and {@code answers} and the closed-form decoders. */
public final class LinearPlugin implements Plugin {
  /** For the service loader. */
  public LinearPlugin() {}

  @Override
  public String id() {
    return "probe-linear";
  }

  @Override
  public List<ProbeFactory> probes() {
    return List.of(new LinearProbeFactory(), new AnswersProbeFactory());
  }

  @Override
  public List<DecoderFactory> decoders() {
    return ClosedForm.ALL;
  }
}
