package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A class has a name of its own over all modules, so that a reader who meets it knows which; and a
 * file of more than {@value #LONGEST} lines is two things that each want a name.
 */
class NamesTest {
  private static final int LONGEST = 400;

  private static final Path TOP = Path.of("..");

  /** The backends that compute transformers: each has the same part of a model. */
  private static final Set<String> BACKENDS =
      Set.of("plugins/backend-pytorch", "plugins/backend-reference");

  /** What {@code new-plugin} writes: each kind is a project of its own. */
  private static final Set<String> TEMPLATES =
      Set.of(
          "plugins/template/backend",
          "plugins/template/dataset",
          "plugins/template/decoder",
          "plugins/template/probe");

  private static final Map<String, Set<String>> SHARED =
      Map.of(
          "DeltaNet", BACKENDS,
          "Edits", Set.of("plugins/backend-llamacpp", "plugins/backend-pytorch"),
          "Generations",
              Set.of(
                  "plugins/backend-llamacpp",
                  "plugins/backend-pytorch",
                  "plugins/backend-reference"),
          "KeyValues", BACKENDS,
          "LatentProjection", BACKENDS,
          "Mixer", BACKENDS,
          "Sites", Set.of("plugins/backend-llamacpp", "plugins/backend-pytorch"),
          "ShortConvolution", BACKENDS,
          "Transformer", BACKENDS,
          "MyNamePlugin", TEMPLATES);

  @Test
  void noClassNameStandsForTwoThings() throws IOException {
    Map<String, Set<String>> modules = new TreeMap<>();
    for (Path file : sources()) {
      String name = file.getFileName().toString().replace(".java", "");
      String module = module(file);
      assertThat(modules.computeIfAbsent(name, n -> new TreeSet<>()).add(module))
          .as("%s stands once in %s", name, module)
          .isTrue();
    }
    modules.values().removeIf(places -> places.size() == 1);
    assertThat(modules).isEqualTo(SHARED);
  }

  @Test
  void noFileOfMainCodeIsTwoThings() throws IOException {
    Map<Path, Integer> longer = new TreeMap<>();
    for (Path file : sources()) {
      int lines = Files.readAllLines(TOP.resolve(file)).size();
      if (lines > LONGEST) {
        longer.put(file, lines);
      }
    }
    assertThat(longer).isEmpty();
  }

  private static Set<Path> sources() throws IOException {
    try (Stream<Path> files =
        Files.find(
            TOP,
            Integer.MAX_VALUE,
            (file, attributes) ->
                file.toString().contains("/src/main/java/")
                    && !file.toString().contains("/target/")
                    && file.toString().endsWith(".java")
                    && !file.toString().endsWith("-info.java"))) {
      return files.map(TOP::relativize).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The folder of the module that holds a file. */
  private static String module(Path file) {
    return file.toString().substring(0, file.toString().indexOf("/src/main/java/"));
  }
}
