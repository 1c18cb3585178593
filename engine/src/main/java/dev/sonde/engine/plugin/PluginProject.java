package dev.sonde.engine.plugin;

import dev.sonde.api.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/**
 * A Maven project for a new plugin: the distribution's template, {@code template/shared} and {@code
 * template/KIND}, with names and places put in. What is replaced says the template's README.
 */
public final class PluginProject {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final String DEPENDENCIES = "dependencies.xml";

  private final Path home;
  private final String version;

  /**
   * Projects against a distribution.
   *
   * @param home the distribution
   * @param version its version
   */
  public PluginProject(Path home, String version) {
    this.home = home;
    this.version = version;
  }

  /**
   * Writes a project.
   *
   * @param name the plugin's id
   * @param kind a kind that there is a template for
   * @param folder empty or not there yet
   * @throws InvalidInputException if name or kind cannot be, or the folder cannot be written
   */
  public void write(String name, String kind, Path folder) {
    requireName(name);
    Path template = template(kind);
    requireEmpty(folder);
    try {
      Map<String, String> words = words(name, template);
      copy(home.resolve("template/shared"), folder, words);
      copy(template, folder, words);
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s cannot be written (%s); name another folder with --out".formatted(folder, e), e);
    }
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          "'%s' is no plugin id: write lower-case words joined by hyphens, for example word-order"
              .formatted(name));
    }
    if (!SourceVersion.isName("example." + packageOf(name))) {
      throw new InvalidInputException(
          "'%s' is a word of Java and cannot name a package; choose another".formatted(name));
    }
  }

  private Path template(String kind) {
    Path templates = home.resolve("template");
    List<String> kinds = new ArrayList<>();
    try (Stream<Path> folders = Files.list(templates)) {
      folders
          .map(f -> String.valueOf(f.getFileName()))
          .filter(f -> !f.equals("shared"))
          .sorted()
          .forEach(kinds::add);
    } catch (IOException e) {
      throw new InvalidInputException(
          "the installation has no templates in %s; install it again".formatted(templates), e);
    }
    if (!kinds.contains(kind)) {
      throw new InvalidInputException(
          "there is no template of a '%s'; %s".formatted(kind, NearestNames.hint(kind, kinds)));
    }
    return templates.resolve(kind);
  }

  private static void requireEmpty(Path folder) {
    try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
      if (files.findAny().isPresent()) {
        throw new InvalidInputException(
            "%s is not empty; name another folder with --out".formatted(folder));
      }
    } catch (IOException e) {
      throw new InvalidInputException(folder + " is no folder; name another one with --out", e);
    }
  }

  private Map<String, String> words(String name, Path template) throws IOException {
    Path dependencies = template.resolve(DEPENDENCIES);
    Map<String, String> words = new LinkedHashMap<>();
    words.put("@dependencies@\n", Files.exists(dependencies) ? Files.readString(dependencies) : "");
    words.put("@home@", home.toString());
    words.put("@version@", version);
    words.put("@repository@", Files.readString(home.resolve("repository/id")).strip());
    words.put("my-name", name);
    words.put("myname", packageOf(name));
    words.put("MyName", prefixOf(name));
    return words;
  }

  private static String packageOf(String name) {
    return name.replace("-", "");
  }

  private static String prefixOf(String name) {
    return Arrays.stream(name.split("-"))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  private static void copy(Path from, Path to, Map<String, String> words) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.filter(Files::isRegularFile).filter(f -> !f.endsWith(DEPENDENCIES)).toList();
    }
    for (Path file : files) {
      String place = replaced(from.relativize(file).toString(), words);
      // A .gitignore would not be packed by everything that packs the distribution.
      Path target = to.resolve(place.equals("gitignore") ? ".gitignore" : place);
      Files.createDirectories(target.resolveSibling(""));
      Files.writeString(target, replaced(Files.readString(file), words));
    }
  }

  private static String replaced(String text, Map<String, String> words) {
    String replaced = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      replaced = replaced.replace(word.getKey(), word.getValue());
    }
    return replaced;
  }
}
