package dev.sonde.api.model;

/** An open model. Called by one thread at a time; closed once. */
public interface ModelBackend extends AutoCloseable {
  /** What is known of the model. */
  ModelInfo info();

  /** What it can do. */
  Capabilities capabilities();

  /**
   * Runs the sequences and streams what is read. Reads are exact: a row does not depend on which
   * other sequences are in the request.
   *
   * @throws dev.sonde.api.UnsupportedCapabilityException if a read is not among the capabilities, a
   *     layer does not exist, or a sequence is longer than the longest context
   */
  ActivationStream forward(ForwardRequest request);

  /**
   * Continues the sequences.
   *
   * @throws dev.sonde.api.UnsupportedCapabilityException if the backend does not generate
   */
  GenerationStream generate(GenerateRequest request);

  /**
   * Forgets what earlier requests left behind, such as keys and values of prefixes. What follows is
   * computed as by a model that was just opened.
   */
  default void forget() {}

  @Override
  void close();
}
