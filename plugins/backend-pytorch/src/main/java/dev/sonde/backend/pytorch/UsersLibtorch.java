package dev.sonde.backend.pytorch;

import dev.sonde.api.ModelUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A libtorch that the user names by PYTORCH_LIBRARY_PATH, in place of the one that comes with the
 * plugin. The binding loads whatever lies there, and the first operation of another version than
 * its own ends the process; so its version file is read first.
 */
final class UsersLibtorch {
  static final String PATH = "PYTORCH_LIBRARY_PATH";
  private static final String FLAVOR = "PYTORCH_FLAVOR";

  /** Of the binding; its version is that of libtorch, a dash, and DJL's. */
  private static final String BINDING = "jnilib/pytorch.properties";

  /** Of a wheel ({@code torch/version.py}) and of an archive ({@code libtorch/build-version}). */
  private static final List<String> VERSION_FILES = List.of("version.py", "build-version");

  private static final Pattern VERSION =
      Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:\\+([a-z]+[\\d.]*))?");

  /** Builds of libtorch that the binding was built against too. */
  private static final List<String> FLAVORS = List.of("cpu", "cu128");

  private UsersLibtorch() {}

  /** Checks what this process would load, and says to the binding what it is. */
  static void check(TorchDevice device) {
    Optional<Path> folder =
        Optional.ofNullable(System.getenv(PATH))
            .or(() -> Optional.ofNullable(System.getProperty(PATH)))
            .map(Path::of);
    Optional<String> flavor = flavor(folder, device, needed());
    if (flavor.isPresent() && System.getenv(FLAVOR) == null) {
      System.setProperty(FLAVOR, flavor.get());
    }
  }

  /**
   * The build of a user's library, such as {@code cpu} or {@code cu128}; nothing where none is
   * named.
   *
   * @param folder with the library
   * @param needed version of the binding
   * @throws ModelUnavailableException if it is not the binding's version, or not for the device
   */
  static Optional<String> flavor(Optional<Path> folder, TorchDevice device, String needed) {
    if (folder.isEmpty()) {
      if (device.isCuda()) {
        throw new ModelUnavailableException(
            "device %s needs a libtorch %s with CUDA, which does not come with Sonde: install one (the wheel torch==%s+cu128) and let %s name its folder, .../site-packages/torch/lib"
                .formatted(device, needed, needed, PATH));
      }
      return Optional.empty();
    }
    Matcher parts = VERSION.matcher(version(folder.get()));
    boolean known = parts.find();
    if (!known || !parts.group(1).equals(needed)) {
      throw new ModelUnavailableException(
          "%s names libtorch %s in %s, and the binding is of %s; another version ends the process at its first operation, so it is not loaded: install torch==%s, or unset %s"
              .formatted(
                  PATH,
                  known ? parts.group() : "of an unknown version",
                  folder.get(),
                  needed,
                  needed,
                  PATH));
    }
    String flavor = parts.group(2) == null ? "cpu" : parts.group(2);
    if (!FLAVORS.contains(flavor)) {
      throw new ModelUnavailableException(
          "%s names a libtorch that is built for %s in %s, and the binding knows %s"
              .formatted(PATH, flavor, folder.get(), String.join(" and ", FLAVORS)));
    }
    if (device.isCuda() && !flavor.startsWith("cu")) {
      throw new ModelUnavailableException(
          "device %s needs a libtorch with CUDA, and the one in %s is built for %s"
              .formatted(device, folder.get(), flavor));
    }
    return Optional.of(flavor);
  }

  private static String version(Path folder) {
    Path above = Optional.ofNullable(folder.toAbsolutePath().getParent()).orElse(folder);
    for (String name : VERSION_FILES) {
      Path file = above.resolve(name);
      if (Files.isRegularFile(file)) {
        try {
          return Files.readString(file);
        } catch (IOException e) {
          throw new ModelUnavailableException(file + " cannot be read: " + e.getMessage(), e);
        }
      }
    }
    throw new ModelUnavailableException(
        "%s names %s, and there is neither %s beside that folder: which version lies there cannot be told, so it is not loaded"
            .formatted(PATH, folder, String.join(" nor ", VERSION_FILES)));
  }

  /** The version of libtorch that the binding was built with. */
  static String needed() {
    Properties binding = new Properties();
    try (InputStream file = UsersLibtorch.class.getClassLoader().getResourceAsStream(BINDING)) {
      if (file == null) {
        throw new ModelUnavailableException("the binding of libtorch is not beside the plugin");
      }
      binding.load(file);
    } catch (IOException e) {
      throw new ModelUnavailableException("the binding of libtorch cannot be read", e);
    }
    return binding.getProperty("jni_version", "").replaceFirst("-.*", "");
  }
}
