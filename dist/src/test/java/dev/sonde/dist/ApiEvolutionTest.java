package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Plugins that were compiled against the baseline go on working: what they could name is still
 * there, and nothing new must be implemented. What was taken away all the same stands, with its
 * reason, in {@code api-changes.txt}.
 */
class ApiEvolutionTest {
  private static final Path RESOURCES = Path.of("src", "test", "resources");
  private static final Path BASELINE = RESOURCES.resolve("api-0.2.0.txt");
  private static final Path CHANGES = RESOURCES.resolve("api-changes.txt");
  private static final Path MODULES = RESOURCES.resolve("modules.txt");
  private static final Path API = Path.of("..", "api", "target", "classes");
  private static final String ABSTRACT = " abstract ";

  @Test
  void everythingOfTheBaselineIsStillThereOrListedWithItsReason() throws IOException {
    Set<String> gone = new TreeSet<>(baseline());
    gone.removeAll(signatures());
    gone.removeAll(listed());
    assertThat(gone).isEmpty();
  }

  @Test
  void noTypeOfTheBaselineHasANewAbstractMethod() throws IOException {
    Set<String> baseline = baseline();
    Set<String> types = baseline.stream().map(ApiEvolutionTest::type).collect(Collectors.toSet());
    List<String> added =
        signatures().stream()
            .filter(line -> types.contains(type(line)) && line.contains(ABSTRACT))
            .filter(line -> line.contains("(") && !baseline.contains(line))
            .toList();
    assertThat(added).as("give it a default").isEmpty();
  }

  /** A compiled plugin may switch over an enum without a default. */
  @Test
  void noEnumOfTheBaselineHasANewConstant() throws IOException {
    Set<String> baseline = baseline();
    Set<String> types = baseline.stream().map(ApiEvolutionTest::type).collect(Collectors.toSet());
    assertThat(signatures())
        .filteredOn(line -> types.contains(type(line)))
        .filteredOn(line -> line.contains("|public static final " + type(line) + " "))
        .filteredOn(line -> isEnum(baseline, type(line)))
        .isSubsetOf(baseline);
  }

  private static boolean isEnum(Set<String> lines, String type) {
    return lines.stream()
        .anyMatch(line -> line.startsWith(type + "|") && line.contains(" extends java.lang.Enum<"));
  }

  @Test
  void theListOfChangesIsHonest() throws IOException {
    assertThat(listed()).isSubsetOf(baseline()).noneMatch(signatures()::contains);
    boolean reasoned = false;
    for (String line : Files.readAllLines(CHANGES)) {
      if (line.isBlank() || line.startsWith("# ")) {
        reasoned = !line.isBlank();
      } else {
        assertThat(reasoned).as("a reason above: %s", line).isTrue();
      }
    }
  }

  /** Run with -Dsonde.update=true to write the descriptions after a deliberate change. */
  @Test
  void modulesAreWhatTheirDescriptionsSay() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String module :
        List.of(
            "api",
            "formats",
            "packing",
            "wire",
            "statistics",
            "trials",
            "plugins/testkit",
            "engine")) {
      Path classes = Path.of("..", module, "target", "classes");
      for (ModuleReference each : ModuleFinder.of(classes).findAll()) {
        text.append(described(each.descriptor()));
      }
    }
    if (Boolean.getBoolean("sonde.update")) {
      Files.writeString(MODULES, text);
    }
    assertThat(MODULES).content().isEqualTo(text.toString());
  }

  private static String described(ModuleDescriptor module) {
    List<String> lines = new ArrayList<>();
    module.requires().stream()
        .filter(requires -> !requires.name().equals("java.base"))
        .map(r -> "  requires " + modifiers(r.modifiers()) + r.name())
        .sorted()
        .forEach(lines::add);
    module.exports().stream()
        .map(e -> "  exports " + e.source() + to(e.targets()))
        .sorted()
        .forEach(lines::add);
    module.opens().stream()
        .map(o -> "  opens " + o.source() + to(o.targets()))
        .sorted()
        .forEach(lines::add);
    module.uses().stream().map(u -> "  uses " + u).sorted().forEach(lines::add);
    module.provides().stream()
        .map(p -> "  provides " + p.service() + " with " + p.providers())
        .sorted()
        .forEach(lines::add);
    return module.name() + "\n" + String.join("\n", lines) + "\n";
  }

  private static String modifiers(Set<?> modifiers) {
    return modifiers.stream()
        .map(m -> m.toString().toLowerCase(Locale.ROOT) + " ")
        .sorted()
        .collect(Collectors.joining());
  }

  private static String to(Set<String> targets) {
    return targets.isEmpty() ? "" : " to " + new TreeSet<>(targets);
  }

  private static Set<String> baseline() throws IOException {
    if (Boolean.getBoolean("sonde.baseline")) {
      Files.write(BASELINE, signatures());
    }
    return new TreeSet<>(Files.readAllLines(BASELINE));
  }

  private static Set<String> listed() throws IOException {
    return Files.readAllLines(CHANGES).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String type(String line) {
    return line.substring(0, line.indexOf('|'));
  }

  /** A line {@code TYPE|MEMBER} for everything that a plugin can name. */
  private static Set<String> signatures() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-protected"));
    try (Stream<Path> files = Files.walk(API)) {
      files
          .filter(f -> f.toString().endsWith(".class"))
          .filter(f -> !f.toString().endsWith("-info.class"))
          .sorted()
          .forEach(f -> arguments.add(f.toString()));
    }
    StringWriter output = new StringWriter();
    ToolProvider.findFirst("javap")
        .orElseThrow()
        .run(new PrintWriter(output), new PrintWriter(output), arguments.toArray(String[]::new));
    Set<String> lines = new TreeSet<>();
    String type = "";
    for (String line : output.toString().lines().toList()) {
      if (line.endsWith("{")) {
        type = line.replaceAll(".*?(?:class|interface) (\\S+?)(?:<.*)? .*", "$1");
        if (line.startsWith("public")) {
          lines.add(type + "|" + line);
        }
      } else if (line.startsWith("  ")) {
        lines.add(type + "|" + line.strip());
      }
    }
    return lines;
  }
}
