package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Plugin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that keeps the contract passes it; each way of breaking it fails a check. */
class WrongPackagingTest {
  private static final String ENTRY =
      """
      package my.plug;
      public final class Entry implements dev.sonde.api.Plugin {
        public String id() { return "my-plug"; }
      }
      """;
  private static final String MODULE =
      "module my.plug { requires dev.sonde.api; provides dev.sonde.api.Plugin with my.plug.Entry; }";

  /** The folder that the contract below looks at. */
  private static Path tested = Path.of("");

  @TempDir Path work;

  static class Contract extends PackagingContract {
    @Override
    protected Path folder() {
      return tested;
    }
  }

  private Verdicts verdicts(String folder, Map<String, String> sources) throws IOException {
    tested = Files.createDirectories(work.resolve(folder));
    if (!sources.isEmpty()) {
      jar(tested.resolve("my-plug.jar"), sources, classPath());
    }
    return Verdicts.of(Contract.class);
  }

  private static Map<String, String> plugin() {
    return new TreeMap<>(Map.of("module-info.java", MODULE, "my/plug/Entry.java", ENTRY));
  }

  @Test
  void aFolderThatKeepsTheContractPasses() throws IOException {
    Verdicts verdicts = verdicts("my-plug", plugin());
    assertThat(verdicts.failed()).isEmpty();
    assertThat(verdicts.passed()).hasSize(8);
  }

  @Test
  void aFolderWithAnOtherKindOfNameFails() throws IOException {
    assertThat(verdicts("My_Plug", plugin()).failed())
        .containsOnly("theFolderIsNamedByWordsJoinedByHyphens");
  }

  @Test
  void aModuleThatProvidesNothingFails() throws IOException {
    Map<String, String> sources = plugin();
    sources.put("module-info.java", "module my.plug { requires dev.sonde.api; }");
    assertThat(verdicts("my-plug", sources).failed())
        .contains("oneModuleProvidesOnePlugin", "theEntryModuleSaysWhichApiItWasCompiledAgainst");
  }

  @Test
  void aCopyOfTheApiFails() throws IOException {
    Map<String, String> sources = plugin();
    sources.put(
        "dev/sonde/api/Plugin.java",
        "package dev.sonde.api; public interface Plugin { String id(); }");
    sources.put(
        "module-info.java", "module my.plug { provides dev.sonde.api.Plugin with my.plug.Entry; }");
    assertThat(verdicts("my-plug", sources).failed())
        .contains("noJarHoldsACopyOfTheApi", "theEntryModuleSaysWhichApiItWasCompiledAgainst");
  }

  @Test
  void onePackageInTwoModulesFails() throws IOException {
    for (String name : List.of("first", "second")) {
      Path folder = Files.createDirectories(work.resolve("my-plug"));
      jar(
          folder.resolve(name + ".jar"),
          Map.of(
              "module-info.java",
              "module %s.part { exports shared; }".formatted(name),
              "shared/Thing.java",
              "package shared; public class Thing { }"),
          "");
    }
    assertThat(verdicts("my-plug", plugin()).failed()).containsOnly("noPackageIsInTwoModules");
  }

  @Test
  void aLibraryThatIsMissingFails() throws IOException {
    Path library = work.resolve("library.jar");
    jar(library, Map.of("module-info.java", "module some.library { }"), "");
    Map<String, String> sources = plugin();
    sources.put("module-info.java", MODULE.replace("{ req", "{ requires some.library; req"));
    tested = Files.createDirectories(work.resolve("my-plug"));
    jar(tested.resolve("my-plug.jar"), sources, classPath() + ":" + library);
    assertThat(Verdicts.of(Contract.class).failed())
        .containsOnly("everyModuleThatIsRequiredIsThere");
  }

  @Test
  void nativesThatAreNotDeclaredAndKeysThatNobodyKnowsFail() throws IOException {
    Map<String, String> sources = plugin();
    sources.put("libfast.so", "machine code");
    sources.put("META-INF/sonde/plugin.properties", "natives = fast");
    assertThat(verdicts("my-plug", sources).failed())
        .containsOnly("nativeLibrariesAreDeclared", "theDescriptionHasKnownKeysOnly");
  }

  private static String classPath() {
    return locationOf(Plugin.class) + ":" + locationOf(NullMarked.class);
  }

  private static Path locationOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compiles what is Java and packs the rest as it is. */
  private void jar(Path jar, Map<String, String> files, String modulePath) throws IOException {
    Path sources = Files.createTempDirectory(work, "src");
    Path classes = Files.createTempDirectory(work, "classes");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path root = file.getKey().endsWith(".java") ? sources : classes;
      Path target = root.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue());
    }
    List<String> arguments = new ArrayList<>(List.of("-d", classes.toString()));
    if (!modulePath.isEmpty()) {
      arguments.addAll(List.of("--module-path", modulePath));
    }
    try (Stream<Path> all = Files.walk(sources)) {
      all.filter(f -> f.toString().endsWith(".java")).forEach(f -> arguments.add(f.toString()));
    }
    run("javac", arguments);
    run("jar", List.of("--create", "--file", jar.toString(), "-C", classes.toString(), "."));
  }

  private static void run(String tool, List<String> arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (PrintWriter writer = new PrintWriter(output, true, StandardCharsets.UTF_8)) {
      int code =
          ToolProvider.findFirst(tool)
              .orElseThrow()
              .run(writer, writer, arguments.toArray(String[]::new));
      assertThat(code).as(output.toString(StandardCharsets.UTF_8)).isZero();
    }
  }
}
