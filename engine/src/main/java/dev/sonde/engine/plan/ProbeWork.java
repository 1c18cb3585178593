package dev.sonde.engine.plan;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Needs;
import dev.sonde.engine.pass.ProbeNeeds;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What probes do themselves, beside the passes.
 *
 * @param tokens that they run through a model, at most
 * @param expected how many of these they will probably run
 * @param backward tokens that they run backward, at most
 * @param disk bytes that they write into the run's folder
 * @param remarks sentences about their work
 */
record ProbeWork(long tokens, long expected, long backward, long disk, List<String> remarks) {
  static final ProbeWork NONE = new ProbeWork(0, 0, 0, 0, List.of());

  static ProbeWork of(List<ProbeNeeds> probes) {
    return new ProbeWork(
        sum(probes, Needs::tokens),
        sum(probes, Needs::expected),
        sum(probes, Needs::backward),
        sum(probes, Needs::disk),
        probes.stream()
            .flatMap(p -> p.needs().remarks().stream().map(r -> p.probe() + ": " + r))
            .toList());
  }

  /**
   * What they run through the control. It is differentiated where the main model is, and what is
   * expected of it is in proportion.
   */
  static ProbeWork ofControl(List<ProbeNeeds> probes) {
    List<ProbeNeeds> asking = probes.stream().filter(probe -> probe.needs().control()).toList();
    return new ProbeWork(
        sum(asking, Needs::controlTokens),
        sum(asking, needs -> share(needs.controlTokens(), needs)),
        sum(asking, needs -> needs.controlTokens() < needs.tokens() ? 0 : needs.backward()),
        0,
        List.of());
  }

  private static long share(long of, Needs needs) {
    return needs.tokens() == 0 ? of : Math.round(of * ((double) needs.expected() / needs.tokens()));
  }

  private static long sum(List<ProbeNeeds> probes, ToLongFunction<Needs> part) {
    return probes.stream().mapToLong(probe -> part.applyAsLong(probe.needs())).sum();
  }

  /** Two for each parameter and token in either direction; an estimate. */
  double operations(ModelInfo info) {
    double share = tokens == 0 ? 1 : (double) expected / tokens;
    return 2.0 * info.parameters() * share * (tokens + backward);
  }
}
