package dev.sonde.engine.plan;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.engine.pass.ProbeNeeds;
import java.util.List;

/**
 * What probes do themselves, beside the passes.
 *
 * @param tokens that they run through the model, at most
 * @param backward tokens that they run backward, at most
 * @param disk bytes that they write into the run's folder
 * @param remarks sentences about their work
 */
record ProbeWork(long tokens, long backward, long disk, List<String> remarks) {
  static final ProbeWork NONE = new ProbeWork(0, 0, 0, List.of());

  static ProbeWork of(List<ProbeNeeds> probes) {
    return new ProbeWork(
        probes.stream().mapToLong(probe -> probe.needs().tokens()).sum(),
        probes.stream().mapToLong(probe -> probe.needs().backward()).sum(),
        probes.stream().mapToLong(probe -> probe.needs().disk()).sum(),
        probes.stream()
            .flatMap(p -> p.needs().remarks().stream().map(r -> p.probe() + ": " + r))
            .toList());
  }

  /** What is run through another model beside it. */
  ProbeWork beside() {
    return new ProbeWork(tokens, backward, 0, List.of());
  }

  /** Two for each parameter and token in either direction; an estimate. */
  double operations(ModelInfo info) {
    return 2.0 * info.parameters() * (tokens + backward);
  }
}
