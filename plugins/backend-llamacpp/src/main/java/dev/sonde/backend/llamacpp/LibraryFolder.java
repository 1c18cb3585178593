package dev.sonde.backend.llamacpp;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Locale;
import java.util.Optional;

/** Where llama.cpp's libraries lie. */
final class LibraryFolder {
  /** The folder beside the plugin's jar, or in the checkout, which fetch-llamacpp.sh fills. */
  private static final String NATIVE = "native";

  /** How far above compiled classes a checkout's plugin folder is. */
  private static final int ABOVE_CLASSES = 4;

  private LibraryFolder() {}

  /**
   * The folder of a library.
   *
   * @throws ModelUnavailableException with what to do if there is none
   */
  static Path find(Optional<Path> library, LlamaDevice device) {
    if (library.isPresent()) {
      Path own = library.get();
      if (!Files.isDirectory(own)) {
        throw new ModelUnavailableException("library: there is no folder " + own);
      }
      return own;
    }
    String name = name(device);
    return beside()
        .flatMap(place -> above(place, name))
        .orElseThrow(
            () ->
                new ModelUnavailableException(
                    "llama.cpp's library for %s is not there; run 'plugins/backend-llamacpp/fetch-llamacpp.sh %s' (needs npm), or name a folder with llama.cpp %s as 'library'"
                        .formatted(name, name, Layouts.VERSION)));
  }

  /** How packages name the platform, such as {@code linux-x64-vulkan}. */
  static String name(LlamaDevice device) {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "mac" : os.startsWith("windows") ? "win" : "linux";
    String processor =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "x64";
          case "aarch64" -> "arm64";
          default -> System.getProperty("os.arch");
        };
    boolean metal = system.equals("mac") && processor.equals("arm64");
    String variant = device.kind().equals(Resources.CPU) ? "" : "-" + device.kind();
    return system + "-" + processor + (metal ? "-metal" : variant);
  }

  /** Where this class was loaded from: a jar, or a folder of classes. */
  private static Optional<Path> beside() {
    CodeSource source = LibraryFolder.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(source.getLocation().toURI()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> above(Path place, String name) {
    Path at = place;
    for (int i = 0; i < ABOVE_CLASSES && at.getParent() != null; i++) {
      at = at.getParent();
      Path folder = at.resolve(NATIVE).resolve(name);
      if (Files.isDirectory(folder)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }
}
