package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What every assembled plugin folder keeps to; run it after the folder was packaged. */
public abstract class PackagingContract {
  private static final String API = "dev.sonde.api";
  private static final String PLUGIN_CLASS = "dev/sonde/api/Plugin.class";
  private static final String DESCRIPTION = "META-INF/sonde/plugin.properties";
  private static final Set<String> KNOWN_KEYS = Set.of("native.group");
  private static final String NATIVE_LIBRARY = ".*\\.(so|dll|dylib|jnilib)(\\.\\d+)*";

  /** For sub-classes. */
  protected PackagingContract() {}

  /** The assembled folder; its name is the plugin's id. */
  protected abstract Path folder();

  private List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path place : List.of(folder(), folder().resolve("lib"))) {
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.list(place)) {
          files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
        }
      }
    }
    assertThat(jars).as("the jars in %s; build it with mvn package", folder()).isNotEmpty();
    return jars;
  }

  /** The modules of the folder itself, by name; jars that can be none are left out. */
  private Map<String, ModuleReference> modules() throws IOException {
    Map<String, ModuleReference> modules = new HashMap<>();
    for (Path jar : jars()) {
      if (folder().equals(jar.getParent())) {
        modulesOf(jar).forEach(module -> modules.put(module.descriptor().name(), module));
      }
    }
    return modules;
  }

  /** None for a library whose name is no module name: Sonde puts it beside the modules. */
  private static Set<ModuleReference> modulesOf(Path jar) {
    try {
      return ModuleFinder.of(jar).findAll();
    } catch (FindException e) {
      return Set.of();
    }
  }

  private ModuleReference entry() throws IOException {
    List<ModuleReference> entries =
        modules().values().stream().filter(PackagingContract::providesPlugin).toList();
    assertThat(entries).as("modules that provide %s", Plugin.class.getName()).hasSize(1);
    return entries.getFirst();
  }

  private static boolean providesPlugin(ModuleReference module) {
    return !module.descriptor().isAutomatic()
        && module.descriptor().provides().stream()
            .anyMatch(p -> p.service().equals(Plugin.class.getName()));
  }

  @Test
  void theFolderIsNamedByWordsJoinedByHyphens() {
    assertThat(String.valueOf(folder().getFileName()))
        .as("the folder's name, which is the plugin's id: lower-case words joined by hyphens")
        .matches("[a-z0-9]+(-[a-z0-9]+)*");
  }

  @Test
  void oneModuleProvidesOnePlugin() throws IOException {
    List<String> providers =
        entry().descriptor().provides().stream()
            .filter(p -> p.service().equals(Plugin.class.getName()))
            .flatMap(p -> p.providers().stream())
            .toList();
    assertThat(providers)
        .as("classes that the module provides as Plugin; put all extensions into one")
        .hasSize(1);
    String file = providers.getFirst().replace('.', '/') + ".class";
    assertThat(entries(Path.of(entry().location().orElseThrow())))
        .as("files of the entry jar, among which is the class that module-info provides")
        .contains(file);
  }

  @Test
  void theEntryModuleSaysWhichApiItWasCompiledAgainst() throws IOException {
    assertThat(
            entry().descriptor().requires().stream()
                .filter(requires -> requires.name().equals(API))
                .map(ModuleDescriptor.Requires::rawCompiledVersion))
        .as(
            "the version of %s in the entry module: compile with it as a module of the module path",
            API)
        .singleElement()
        .satisfies(
            version ->
                assertThat(version).as("the version of %s that javac recorded", API).isPresent());
  }

  @Test
  void noJarHoldsACopyOfTheApi() throws IOException {
    for (Path jar : jars()) {
      assertThat(entries(jar)).as("%s", jar.getFileName()).doesNotContain(PLUGIN_CLASS);
    }
  }

  @Test
  void noPackageIsInTwoModules() throws IOException {
    Map<String, String> owners = new HashMap<>();
    for (ModuleReference module : modules().values()) {
      for (String name : module.descriptor().packages()) {
        String other = owners.put(name, module.descriptor().name());
        assertThat(other).as("a second owner of %s; move one jar to lib/", name).isNull();
      }
    }
  }

  @Test
  void everyModuleThatIsRequiredIsThere() throws IOException {
    Map<String, ModuleReference> own = modules();
    for (ModuleReference module : own.values()) {
      for (ModuleDescriptor.Requires requires : module.descriptor().requires()) {
        boolean optional = requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC);
        assertThat(
                optional
                    || requires.name().equals(API)
                    || own.containsKey(requires.name())
                    || ModuleFinder.ofSystem().find(requires.name()).isPresent())
            .as("%s, which %s requires", requires.name(), module.descriptor().name())
            .isTrue();
      }
    }
  }

  @Test
  void nativeLibrariesAreDeclared() throws IOException {
    for (Path jar : jars()) {
      List<String> natives =
          entries(jar).stream().filter(name -> name.matches(NATIVE_LIBRARY)).toList();
      if (!natives.isEmpty()) {
        assertThat(description())
            .as("%s brings %s; say native.group in %s", jar, natives.getFirst(), DESCRIPTION)
            .containsKey("native.group");
      }
    }
  }

  @Test
  void theDescriptionHasKnownKeysOnly() throws IOException {
    assertThat(KNOWN_KEYS)
        .as("keys that Sonde knows, and all that stand in %s", DESCRIPTION)
        .containsAll(description().stringPropertyNames());
  }

  private Properties description() throws IOException {
    Properties properties = new Properties();
    try (ZipFile zip = new ZipFile(Path.of(entry().location().orElseThrow()).toFile())) {
      ZipEntry found = zip.getEntry(DESCRIPTION);
      if (found != null) {
        try (InputStream in = zip.getInputStream(found)) {
          properties.load(in);
        }
      }
    }
    return properties;
  }

  private static List<String> entries(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(ZipEntry::getName).toList();
    }
  }
}
