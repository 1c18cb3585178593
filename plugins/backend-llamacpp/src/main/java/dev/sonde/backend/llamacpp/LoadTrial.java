package dev.sonde.backend.llamacpp;

import dev.sonde.api.ModelUnavailableException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process that loads a file and runs two tokens, before this one does: llama.cpp ends its process
 * where it finds what it did not expect. Files that came through are remembered by their content.
 */
final class LoadTrial {
  private static final String HEAP = "-Xmx128m";

  /** Exit code of a file that llama.cpp refuses in words, which are printed. */
  private static final int REFUSED = 2;

  private final Path cache;

  /** Trials whose results are remembered in a folder, which may not exist. */
  LoadTrial(Path cache) {
    this.cache = cache;
  }

  /**
   * Lets a file pass that came through.
   *
   * @param hash of its content
   * @throws ModelUnavailableException if llama.cpp refuses it, or ends the process
   */
  void run(Path library, GgufModelFile file, String hash, LlamaDevice device) {
    Path passed = cache.resolve("%s-%s-%s".formatted(hash, Layouts.VERSION, device.kind()));
    if (Files.exists(passed)) {
      return;
    }
    try {
      Path said = Files.createTempFile("sonde-trial", ".txt");
      int code = start(library, file, device, said).waitFor();
      String words = Files.readString(said).strip();
      Files.delete(said);
      if (code != 0) {
        String why =
            code == REFUSED
                ? words
                : "llama.cpp %s ends its process on this file (%s)"
                    .formatted(Layouts.VERSION, last(words, code));
        throw new ModelUnavailableException(file.path() + ": " + why);
      }
      Files.createDirectories(cache);
      Files.write(passed, new byte[0]);
    } catch (IOException e) {
      throw new ModelUnavailableException(file.path() + " cannot be tried: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelUnavailableException(file.path() + ": the trial was interrupted", e);
    }
  }

  /** The assertion that failed, or the exit code. */
  private static String last(String words, int code) {
    return words
        .lines()
        .filter(line -> line.contains("GGML_ASSERT") || line.contains("SIG"))
        .findFirst()
        .orElse("exit code " + code);
  }

  private static Process start(Path library, GgufModelFile file, LlamaDevice device, Path said)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(HEAP, "-XX:TieredStopAtLevel=1", "-XX:-CreateCoredumpOnCrash"));
    command.addAll(List.of("-XX:+SuppressFatalErrorMessage", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", classPath(), LoadTrial.class.getName()));
    command.addAll(List.of(library.toString(), file.path().toString(), file.architecture()));
    command.addAll(
        List.of(String.valueOf(file.vocabulary()), device.kind() + ":" + device.number()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("GGML_NO_BACKTRACE", "1");
    return builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
  }

  /**
   * Where this class and the api were loaded from; what is in Java's own image need not be named.
   */
  private static String classPath() {
    return Stream.of(LoadTrial.class, ModelUnavailableException.class)
        .flatMap(type -> place(type).stream())
        .map(Path::toString)
        .distinct()
        .reduce((a, b) -> a + System.getProperty("path.separator") + b)
        .orElse("");
  }

  private static Optional<Path> place(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return Optional.ofNullable(source)
        .map(CodeSource::getLocation)
        .map(Object::toString)
        .filter(location -> location.startsWith("file:"))
        .map(location -> Path.of(URI.create(location)));
  }

  /**
   * The process.
   *
   * @param arguments folder of the library, file, its architecture, number of its token ids, device
   */
  public static void main(String[] arguments) {
    try {
      LlamaLibrary library = LlamaLibrary.load(Path.of(arguments[0]));
      LlamaDevice device = LlamaDevice.parse(arguments[4]);
      int vocabulary = Integer.parseInt(arguments[3]);
      try (LlamaModel model =
              LlamaModel.load(library, Path.of(arguments[1]), arguments[2], vocabulary, device);
          LlamaContext context =
              new LlamaContext(
                  model, new LlamaContext.Shape(1, 1, 16, false), 1, Optional.empty())) {
        SiteMap.probe(context, LlamaContext.Tap.NONE);
      }
    } catch (RuntimeException e) {
      tell(String.valueOf(e.getMessage()));
      System.exit(REFUSED);
    }
  }

  /** To the process that started this one, which reads it as the reason. */
  private static void tell(String reason) {
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write(reason.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
