package dev.sonde.testkit;

import dev.sonde.api.Resources;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The open models and the data sets of a {@link ModelProbeContract}, and what models are asked. */
final class HostedInputs implements AutoCloseable {
  private static final long FRESH = 1;

  private final ModelBackendFactory backend;
  private final TokenizerFactory tokenizers;
  private final Path folder;
  private final List<HostedModel> counted = new ArrayList<>();
  private final List<Tokenizer> tokenizersOpen = new ArrayList<>();
  private final HostedModel control;
  private final ProbeInputs inputs;

  private HostedInputs(ModelProbeContract contract, Path folder) {
    this.backend = contract.backend();
    this.tokenizers = contract.tokenizer();
    this.folder = folder;
    HostedModel main = counted(contract.model());
    this.control = opened(contract.model(), OptionalLong.of(FRESH));
    Map<String, Model> further = new LinkedHashMap<>();
    contract.models().forEach((name, path) -> further.put(name, counted(path)));
    this.inputs =
        new ProbeInputs(main, Optional.of(control), further, contract.study(), contract.sets());
  }

  /**
   * Opens what a contract is tested on.
   *
   * @param folder of the test, for the backend's cache
   */
  static HostedInputs open(ModelProbeContract contract, Path folder) {
    return new HostedInputs(contract, folder);
  }

  private HostedModel counted(Path path) {
    HostedModel model = opened(path, OptionalLong.empty());
    counted.add(model);
    return model;
  }

  private HostedModel opened(Path path, OptionalLong freshSeed) {
    LanguageModel model = OpenedModel.of(backend, path, folder, freshSeed);
    Tokenizer tokenizer =
        tokenizers.open(
            model.info().tokenizer().orElseThrow(),
            Resources.of(folder.resolve("cache")).threads(1));
    tokenizersOpen.add(tokenizer);
    return new HostedModel(model, tokenizer);
  }

  ProbeInputs inputs() {
    return inputs;
  }

  /** Counts anew what all models but the control are asked. */
  TokenCount startCount() {
    TokenCount count = new TokenCount();
    counted.forEach(model -> model.count(count));
    return count;
  }

  /** Counts anew what the control is asked. */
  TokenCount startControlCount() {
    TokenCount count = new TokenCount();
    control.count(count);
    return count;
  }

  @Override
  public void close() {
    counted.forEach(HostedModel::close);
    control.close();
    tokenizersOpen.forEach(Tokenizer::close);
  }
}
