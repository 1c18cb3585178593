package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Extension;

/** Opens models of some formats and architectures. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface ModelBackendFactory extends Extension {
  /**
   * Opens a model. Only headers and configuration are read here; weights and native libraries are
   * loaded by the first {@link LanguageModel#forward} or {@link LanguageModel#generate}, so that a
   * run whose activations are all stored costs no more than this.
   *
   * @throws dev.sonde.api.ModelUnavailableException naming file and field where the model cannot be
   *     opened or is of an unsupported architecture
   */
  LanguageModel open(ModelSource source);
}
