package dev.sonde.engine.model;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.engine.data.DataSource;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.hub.Hub;
import dev.sonde.formats.hub.HubException;
import dev.sonde.formats.hub.HubListener;
import dev.sonde.formats.hub.HubReference;
import dev.sonde.formats.hub.HubSettings;
import dev.sonde.formats.hub.Snapshot;
import dev.sonde.formats.huggingface.ModelFolder;
import java.nio.file.Path;
import java.util.Map;

/**
 * Models and data sets of the Hugging Face hub. The environment is not looked at before one is
 * asked for.
 */
public final class HubModels {
  private final Map<String, String> environment;
  private final HubListener listener;

  /**
   * The hub that an environment describes.
   *
   * @param environment variables, see {@link HubSettings#of}
   * @param listener hears of downloads
   */
  public HubModels(Map<String, String> environment, HubListener listener) {
    this.environment = Map.copyOf(environment);
    this.listener = listener;
  }

  /**
   * A model's files, fetched unless they are in the cache.
   *
   * @param text {@code hf:org/name}, with a revision or not, or a GGUF file of it
   * @throws InvalidInputException if the reference, a variable or the cache cannot be used
   * @throws ModelUnavailableException if the hub does not give the model
   * @throws HubException if the thread is interrupted
   */
  Snapshot snapshot(String text) {
    try {
      HubReference reference = HubReference.parse(text);
      if (!namesModel(reference)) {
        throw new InvalidInputException(
            "model '%s': is no model; write hf:org/name or hf:org/name/file.gguf".formatted(text));
      }
      return fetched(reference);
    } catch (HubException e) {
      throw failure("model", text, e);
    } catch (FormatException e) {
      throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The files of a data set's table, fetched unless they are in the cache.
   *
   * @param text {@code hf:datasets/org/name}, with a revision or not, or a table of it
   * @throws InvalidInputException if the reference, a variable or the cache cannot be used
   * @throws ModelUnavailableException if the hub does not give the data set
   * @throws HubException if the thread is interrupted
   */
  public DataSource dataset(String text) {
    try {
      HubReference reference = HubReference.parse(text);
      if (reference.kind() != HubReference.Kind.DATASET) {
        throw new InvalidInputException(
            "data '%s': is no data set; write hf:datasets/org/name".formatted(text));
      }
      Snapshot snapshot = fetched(reference);
      return new DataSource(snapshot.pinned().toString(), snapshot.files());
    } catch (HubException e) {
      throw failure("data", text, e);
    }
  }

  private Snapshot fetched(HubReference reference) {
    Path home = Path.of(System.getProperty("user.home", "."));
    return new Hub(HubSettings.of(environment, home)).snapshot(reference, listener);
  }

  /** A folder, or a file that holds all of a model. */
  private static boolean namesModel(HubReference reference) {
    return reference.kind() == HubReference.Kind.MODEL
        && reference.file().map(file -> file.endsWith(ModelFolder.GGUF)).orElse(true);
  }

  private static RuntimeException failure(String what, String text, HubException e) {
    String message = "%s '%s': %s".formatted(what, text, e.getMessage());
    return switch (e.reason()) {
      case INPUT, DISK -> new InvalidInputException(message, e);
      case ACCESS, MISSING, UNREACHABLE, OFFLINE, DAMAGED ->
          new ModelUnavailableException(message, e);
      case INTERRUPTED -> e;
    };
  }
}
