package dev.sonde.api.probe;

import java.nio.file.Path;

/** A model whose training was continued, open until it is closed. */
public interface TrainedModel extends Model, AutoCloseable {
  /**
   * Writes it as a Hugging Face folder.
   *
   * @param folder an empty folder, or one that does not exist
   */
  void save(Path folder);

  @Override
  void close();
}
