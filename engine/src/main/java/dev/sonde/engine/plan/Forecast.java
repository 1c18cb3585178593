package dev.sonde.engine.plan;

import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.PassList;
import dev.sonde.engine.pass.ProbeNeeds;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.StoredPass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * What a run will take, before it takes it: every pass, and what probes do themselves, which is
 * counted with the main pass.
 */
public final class Forecast {
  private final List<PassForecast> passes;

  private Forecast(List<PassForecast> passes) {
    this.passes = passes;
  }

  /**
   * Forecasts a run.
   *
   * @param probes what its probes need
   * @param storeFolder where activations are kept
   * @param out the run's folder, which need not exist
   */
  public static Forecast of(PassList passes, List<ProbeNeeds> probes, Path storeFolder, Path out) {
    boolean controlled = probes.stream().anyMatch(probe -> probe.needs().control());
    ProbeWork all = ProbeWork.of(probes);
    ProbeWork ofControl = ProbeWork.ofControl(probes);
    List<PassForecast> forecasts = new ArrayList<>();
    try (ActivationStore store = ActivationStore.open(storeFolder)) {
      for (Pass pass : passes.all()) {
        StoredPass stored = new StoredPass(store, pass);
        boolean main = pass.role().equals(Role.MAIN_PASS);
        boolean control = controlled && pass.role().equals(Role.FRESH_PASS);
        forecasts.add(
            new PassForecast(
                pass,
                Cost.of(stored),
                main ? probes.stream().map(p -> Memory.of(p, stored)).toList() : List.of(),
                main ? all : control ? ofControl : ProbeWork.NONE,
                storeFolder,
                out));
      }
    }
    return new Forecast(forecasts);
  }

  /** What the run wants of the machine. */
  public ResourceDemand demand() {
    return passes.stream().map(PassForecast::demand).reduce(ResourceDemand::plus).orElseThrow();
  }

  /**
   * The forecast, line by line.
   *
   * @param pace multiplications and additions a second, asked for only where a pass is to be run
   */
  public List<String> lines(MachineLimits limits, DoubleSupplier pace) {
    List<String> lines = new ArrayList<>();
    for (PassForecast forecast : passes) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(forecast.lines(limits, pace));
    }
    return lines;
  }
}
