package dev.sonde.engine.model;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
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

/** Models of the Hugging Face hub. The environment is not looked at before one is asked for. */
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
      Path home = Path.of(System.getProperty("user.home", "."));
      return new Hub(HubSettings.of(environment, home)).snapshot(reference, listener);
    } catch (HubException e) {
      throw failure(text, e);
    } catch (FormatException e) {
      throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A folder, or a file that holds all of a model. */
  private static boolean namesModel(HubReference reference) {
    return reference.kind() == HubReference.Kind.MODEL
        && reference.file().map(file -> file.endsWith(ModelFolder.GGUF)).orElse(true);
  }

  private static RuntimeException failure(String text, HubException e) {
    String message = "model '%s': %s".formatted(text, e.getMessage());
    return switch (e.reason()) {
      case INPUT, DISK -> new InvalidInputException(message, e);
      case ACCESS, MISSING, UNREACHABLE, OFFLINE, DAMAGED ->
          new ModelUnavailableException(message, e);
      case INTERRUPTED -> e;
    };
  }
}
