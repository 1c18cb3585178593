package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import java.nio.file.Path;

/** A model whose training was continued, open until it is closed. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
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
