package dev.sonde.probe.influence.read;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Targets;
import java.util.List;
import java.util.Optional;

/** Rows without labels or groups. */
public record MadeUpStudy(String name, List<Example> examples) implements Study {
  @Override
  public Optional<Targets> targets() {
    return Optional.empty();
  }

  @Override
  public List<String> groups() {
    return List.of();
  }
}
