package dev.sonde.engine.plugin;

import dev.sonde.api.Extension;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.Plugin;
import dev.sonde.api.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Loads plugin folders. Each gets one child-first class loader in a layer whose parent is the layer
 * of the api: it sees the api and the JDK, not the engine and not its siblings.
 */
public final class PluginLoader {
  private static final String API = "dev.sonde.api";
  private static final String DESCRIPTION = "META-INF/sonde/plugin.properties";

  /** What the name of a folder ends in that is not to be loaded. */
  static final String DISABLED_SUFFIX = ".disabled";

  /** What the names of threads begin with on which plugins are made; the id follows. */
  static final String LOADING = "loading ";

  /** The origin of the distribution's own plugins. */
  public static final String BUNDLED = "bundled";

  /** The origin of plugins in a folder that a command was given. */
  public static final String GIVEN = "given";

  /** The origin of plugins in the user's folder. */
  public static final String USER = "user";

  private final ModuleLayer hostLayer;
  private final ApiVersion hostVersion;
  private final Activity activity;
  private final Duration limit;
  private final Map<String, String> claimedNatives = new HashMap<>();
  private final Map<String, Path> seen = new HashMap<>();
  private final Map<String, Path> given = new HashMap<>();
  private final Map<Path, String> states = new HashMap<>();

  /**
   * A loader for this JVM.
   *
   * @param activity hears of every call of a plugin
   * @param limit how long a plugin's constructor may take
   * @throws IllegalStateException if the api is on the class path, where no plugin could see it
   */
  public PluginLoader(Activity activity, Duration limit) {
    Module api = Plugin.class.getModule();
    @Nullable ModuleLayer layer = api.getLayer();
    if (!api.isNamed() || layer == null) {
      throw new IllegalStateException(
          "dev.sonde.api is on the class path; start Sonde with bin/sonde, or put the api on the"
              + " module path");
    }
    this.hostLayer = layer;
    this.hostVersion = ApiVersion.parse(api.getDescriptor().rawVersion().orElseThrow());
    this.activity = activity;
    this.limit = limit;
  }

  /**
   * Loads every sub-folder of a folder, in the order of their names.
   *
   * @param parent holds one folder per plugin; may be absent
   * @param origin see {@link LoadedPlugin#origin()}
   */
  public List<PluginOutcome> loadAll(Path parent, String origin) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).sorted().map(f -> load(f, origin)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads again what changed since it was loaded. What did not change is given as it was, and so is
   * what has native libraries, which load once per process.
   *
   * @param before the outcomes of the last time
   */
  public List<PluginOutcome> reloadAll(Path parent, String origin, List<PluginOutcome> before) {
    List<PluginOutcome> kept =
        before.stream()
            .filter(outcome -> parent.equals(outcome.folder().getParent()))
            .filter(outcome -> isAsItWas(outcome.folder()) || hasNatives(outcome))
            .toList();
    seen.values().removeIf(f -> parent.equals(f.getParent()) && !isAmong(f, kept));
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(Files::isDirectory)
          .sorted()
          .map(
              folder ->
                  kept.stream()
                      .filter(outcome -> outcome.folder().equals(folder))
                      .findFirst()
                      .orElseGet(() -> load(folder, origin)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isAsItWas(Path folder) {
    return state(folder).equals(states.getOrDefault(folder, ""));
  }

  private static boolean hasNatives(PluginOutcome outcome) {
    return outcome instanceof PluginOutcome.Loaded loaded
        && loaded.plugin().nativeGroup().isPresent();
  }

  private static boolean isAmong(Path folder, List<PluginOutcome> kept) {
    return kept.stream().anyMatch(outcome -> outcome.folder().equals(folder));
  }

  /** Names, sizes and times of the files of a folder; tells a change, not what it is. */
  public static String state(Path folder) {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().toList()) {
        text.append(file)
            .append(' ')
            .append(Files.getLastModifiedTime(file))
            .append(' ')
            .append(Files.size(file))
            .append('\n');
      }
      return text.toString();
    } catch (IOException | UncheckedIOException e) {
      return "unreadable: " + e;
    }
  }

  /** Loads one folder; whatever goes wrong in it becomes a {@link PluginOutcome.Failed}. */
  public PluginOutcome load(Path folder, String origin) {
    states.put(folder, state(folder));
    if (folder.toString().endsWith(DISABLED_SUFFIX)) {
      return new PluginOutcome.Disabled(folder, "its folder's name ends in " + DISABLED_SUFFIX);
    }
    Optional<Path> taken = Optional.ofNullable(given.get(String.valueOf(folder.getFileName())));
    if (origin.equals(USER) && taken.isPresent()) {
      return new PluginOutcome.Disabled(
          folder, "the one in %s is taken instead".formatted(taken.get()));
    }
    try {
      return new PluginOutcome.Loaded(steps(folder, origin));
    } catch (PluginFailure e) {
      return new PluginOutcome.Failed(folder, e.stage(), String.valueOf(e.getMessage()), e.hint());
    }
  }

  private LoadedPlugin steps(Path folder, String origin) throws PluginFailure {
    String id = String.valueOf(folder.getFileName());
    Jars jars = scan(folder);
    ModuleReference entry = describe(jars);
    checkVersion(entry);
    Properties description = description(entry);
    Optional<String> natives = Optional.ofNullable(description.getProperty("native.group"));
    checkDuplicate(id, folder);
    checkTrust(id, folder, origin, natives);
    claim(natives, id);
    Configuration configuration = resolve(jars, folder);
    ModuleLayer layer = link(configuration, jars, entry, natives.isPresent(), folder);
    Properties before = (Properties) System.getProperties().clone();
    Plugin plugin;
    try {
      plugin = withinLimit(id, () -> registered(instantiate(layer, entry), id));
    } finally {
      System.setProperties(before); // they are everybody's: line ends, folders, time zones
    }
    seen.put(id, folder);
    if (origin.equals(GIVEN)) {
      given.put(id, folder);
    }
    natives.ifPresent(group -> claimedNatives.put(group, id));
    String version = entry.descriptor().rawVersion().orElse("unknown");
    return new LoadedPlugin(plugin, folder, layer, version, origin, natives, jars.all(), activity);
  }

  /**
   * The distribution trusts its own plugins. Those in the user's folder are pinned when they are
   * first seen, those of other folders once they were accepted.
   */
  private void checkTrust(String id, Path folder, String origin, Optional<String> natives)
      throws PluginFailure {
    if (origin.equals(BUNDLED)) {
      return;
    }
    PluginLock lock;
    try {
      lock = PluginLock.beside(folder);
      checkJars(id, folder, origin, lock);
    } catch (InvalidInputException e) {
      throw new PluginFailure(
          Stage.TRUST, String.valueOf(e.getMessage()), "check " + folder.resolveSibling(""));
    }
    if (natives.isPresent() && !lock.allowsNatives(id)) {
      throw new PluginFailure(
          Stage.TRUST,
          "it wants to load native libraries ('%s'), which can do anything"
              .formatted(natives.get()),
          "if you trust it: sonde plugins --allow-native " + id + named(origin, folder));
    }
  }

  private void checkJars(String id, Path folder, String origin, PluginLock lock)
      throws PluginFailure {
    Map<String, String> accepted = lock.jars(id);
    if (!accepted.isEmpty()) {
      requireSame(id + named(origin, folder), accepted, PluginLock.hashes(folder), lock);
    } else if (origin.equals(USER) && lock.isWritable()) {
      lock.accept(id, PluginLock.hashes(folder));
    }
  }

  /** How a command names the folder of a plugin that it would not find by itself. */
  private static String named(String origin, Path folder) {
    return origin.equals(GIVEN) ? " --plugin-dir " + folder.resolveSibling("") : "";
  }

  private static void requireSame(
      String id, Map<String, String> accepted, Map<String, String> found, PluginLock lock)
      throws PluginFailure {
    Set<String> all = new TreeSet<>(accepted.keySet());
    all.addAll(found.keySet());
    for (String jar : all) {
      String before = accepted.getOrDefault(jar, "");
      String now = found.getOrDefault(jar, "");
      if (!before.equals(now)) {
        String what = before.isEmpty() ? "is new" : now.isEmpty() ? "is gone" : "has changed";
        throw new PluginFailure(
            Stage.TRUST,
            "%s %s since it was accepted in %s".formatted(jar, what, lock.file()),
            "if that is as it should be: sonde plugins --accept " + id);
      }
    }
  }

  /** A step that runs code of a plugin. */
  private interface Step<T> {
    T take() throws PluginFailure;
  }

  /** Runs code of a plugin on a thread of its own, which is left behind where it hangs. */
  private <T> T withinLimit(String id, Step<T> step) throws PluginFailure {
    CompletableFuture<Result<T>> result = new CompletableFuture<>();
    Thread thread =
        new Thread(() -> result.complete(activity.during(id, () -> Result.of(step))), LOADING + id);
    thread.setDaemon(true);
    thread.start();
    try {
      return result.get(limit.toMillis(), TimeUnit.MILLISECONDS).value();
    } catch (TimeoutException e) {
      String place = Guard.place(thread.getStackTrace());
      thread.interrupt();
      throw new PluginFailure(
          Stage.INSTANTIATE,
          "it has not been constructed within %d s; it is at %s"
              .formatted(limit.toSeconds(), place),
          "ask the plugin's author: its constructor must be cheap; until then rename its folder to %s%s"
              .formatted(id, DISABLED_SUFFIX));
    } catch (InterruptedException | ExecutionException e) {
      Thread.currentThread().interrupt();
      throw new PluginFailure(Stage.INSTANTIATE, "loading was interrupted", "start again");
    }
  }

  /** A value, or why there is none. */
  private record Result<T>(Optional<T> found, Optional<PluginFailure> failure) {
    static <T> Result<T> of(Step<T> step) {
      try {
        return new Result<>(Optional.of(step.take()), Optional.empty());
      } catch (PluginFailure e) {
        return new Result<>(Optional.empty(), Optional.of(e));
      }
    }

    T value() throws PluginFailure {
      if (failure.isPresent()) {
        throw failure.get();
      }
      return found.orElseThrow();
    }
  }

  /**
   * The jars of a folder.
   *
   * @param modules module name to reference, of jars that can be modules
   * @param plain jars of {@code lib/} and jars whose name is no module name
   */
  private record Jars(Map<String, ModuleReference> modules, List<Path> modular, List<Path> plain) {
    List<Path> all() {
      return Stream.concat(modular.stream(), plain.stream()).sorted().toList();
    }
  }

  private static Jars scan(Path folder) throws PluginFailure {
    Jars jars = new Jars(new HashMap<>(), new ArrayList<>(), new ArrayList<>());
    for (Path jar : jarsIn(folder)) {
      Set<ModuleReference> found;
      try {
        found = ModuleFinder.of(jar).findAll();
      } catch (FindException e) {
        if (isReadableJar(jar)) {
          jars.plain.add(jar);
          continue;
        }
        throw new PluginFailure(
            Stage.SCAN, jar.getFileName() + " is not a readable jar", "copy the file again");
      }
      for (ModuleReference module : found) {
        ModuleReference twin = jars.modules.put(module.descriptor().name(), module);
        if (twin != null) {
          throw new PluginFailure(
              Stage.SCAN,
              "module %s is in two jars: %s and %s"
                  .formatted(module.descriptor().name(), fileName(twin), jar.getFileName()),
              "keep one of them");
        }
      }
      jars.modular.add(jar);
    }
    jars.plain.addAll(jarsIn(folder.resolve("lib")));
    if (jars.all().isEmpty()) {
      throw new PluginFailure(
          Stage.SCAN, "the folder holds no jar", "put the plugin's jars into " + folder);
    }
    if (jars.modules.containsKey(API)) {
      throw new PluginFailure(
          Stage.SCAN,
          fileName(jars.modules.get(API)) + " is a copy of " + API,
          "remove it: the api comes from Sonde itself");
    }
    return jars;
  }

  private static List<Path> jarsIn(Path folder) throws PluginFailure {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new PluginFailure(
          Stage.SCAN, "cannot be listed: " + e.getMessage(), "check the folder's permissions");
    }
  }

  private static boolean isReadableJar(Path jar) {
    try (var zip = new ZipFile(jar.toFile())) {
      return zip.size() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static ModuleReference describe(Jars jars) throws PluginFailure {
    List<ModuleReference> entries =
        jars.modules.values().stream()
            .filter(module -> !module.descriptor().isAutomatic())
            .filter(
                module ->
                    module.descriptor().provides().stream()
                        .anyMatch(p -> p.service().equals(Plugin.class.getName())))
            .toList();
    if (entries.isEmpty()) {
      throw new PluginFailure(
          Stage.DESCRIBE,
          "no jar is a module that provides " + Plugin.class.getName(),
          "add 'provides %s with …' to its module-info".formatted(Plugin.class.getName()));
    }
    int providers =
        entries.stream()
            .flatMap(module -> module.descriptor().provides().stream())
            .filter(p -> p.service().equals(Plugin.class.getName()))
            .mapToInt(p -> p.providers().size())
            .sum();
    if (providers > 1) {
      throw new PluginFailure(
          Stage.DESCRIBE,
          "%d providers of %s in %s"
              .formatted(
                  providers,
                  Plugin.class.getName(),
                  entries.stream().map(PluginLoader::fileName).sorted().toList()),
          "one folder holds one plugin: split it");
    }
    return entries.getFirst();
  }

  private void checkVersion(ModuleReference entry) throws PluginFailure {
    Optional<String> compiled =
        entry.descriptor().requires().stream()
            .filter(requires -> requires.name().equals(API))
            .findFirst()
            .flatMap(ModuleDescriptor.Requires::rawCompiledVersion);
    if (compiled.isEmpty()) {
      throw new PluginFailure(
          Stage.VERSION,
          fileName(entry) + " does not say which version of " + API + " it was compiled against",
          "add 'requires " + API + "' and compile against the released api jar");
    }
    if (!hostVersion.accepts(ApiVersion.parse(compiled.get()))) {
      throw new PluginFailure(
          Stage.VERSION,
          "%s was compiled against api %s, this Sonde has %s"
              .formatted(fileName(entry), compiled.get(), hostVersion),
          "use a build of the plugin for api %s".formatted(hostVersion));
    }
  }

  private static Properties description(ModuleReference entry) throws PluginFailure {
    Properties properties = new Properties();
    try (var reader = entry.open();
        var in = reader.open(DESCRIPTION).orElse(null)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new PluginFailure(
          Stage.DESCRIBE,
          "%s in %s cannot be read: %s".formatted(DESCRIPTION, fileName(entry), e.getMessage()),
          "build the jar again");
    }
    return properties;
  }

  private void checkDuplicate(String id, Path folder) throws PluginFailure {
    if (seen.containsKey(id)) {
      throw new PluginFailure(
          Stage.REGISTER,
          "the id '%s' is already taken by %s".formatted(id, seen.get(id)),
          "remove or rename one of the two folders: " + folder);
    }
  }

  private void claim(Optional<String> group, String id) throws PluginFailure {
    if (group.isPresent() && claimedNatives.containsKey(group.get())) {
      throw new PluginFailure(
          Stage.LINK,
          "the native libraries '%s' are already claimed by plugin '%s'"
              .formatted(group.get(), claimedNatives.get(group.get())),
          "a native library loads once per JVM: remove '%s' or '%s'"
              .formatted(claimedNatives.get(group.get()), id));
    }
  }

  private Configuration resolve(Jars jars, Path folder) throws PluginFailure {
    ModuleFinder finder = ModuleFinder.of(jars.modular.toArray(Path[]::new));
    try {
      // All modules are roots: automatic modules do not pull in the explicit ones they need.
      return hostLayer
          .configuration()
          .resolveAndBind(finder, ModuleFinder.of(), Set.copyOf(jars.modules.keySet()));
    } catch (FindException | ResolutionException e) {
      throw new PluginFailure(Stage.RESOLVE, String.valueOf(e.getMessage()), hint(e, folder));
    }
  }

  private static String hint(Throwable e, Path folder) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("not found")) {
      return "put the missing library's jar into " + folder;
    }
    if (message.contains("more than one module") || message.contains("export package")) {
      return "move one of the clashing libraries to " + folder.resolve("lib");
    }
    return "check the plugin's module-info and its libraries";
  }

  @SuppressWarnings("restricted") // native access goes to plugins that declare natives
  private ModuleLayer link(
      Configuration configuration, Jars jars, ModuleReference entry, boolean natives, Path folder)
      throws PluginFailure {
    try {
      ClassLoader platform = ClassLoader.getPlatformClassLoader();
      ClassLoader parent =
          jars.plain.isEmpty() ? platform : new URLClassLoader(urls(jars.plain), platform);
      ModuleLayer.Controller controller =
          ModuleLayer.defineModulesWithOneLoader(configuration, List.of(hostLayer), parent);
      for (Module module : controller.layer().modules()) {
        if (module.getName().equals(entry.descriptor().name())) {
          controller.addReads(module, parent.getUnnamedModule());
        }
        if (natives) {
          controller.enableNativeAccess(module);
        }
      }
      return controller.layer();
    } catch (RuntimeException | LinkageError | IOException e) {
      throw new PluginFailure(Stage.LINK, String.valueOf(e.getMessage()), hint(e, folder));
    }
  }

  private static URL[] urls(List<Path> jars) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars) {
      urls.add(jar.toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  private static Plugin instantiate(ModuleLayer layer, ModuleReference entry) throws PluginFailure {
    List<ServiceLoader.Provider<Plugin>> own =
        ServiceLoader.load(layer, Plugin.class).stream()
            .filter(provider -> provider.type().getModule().getLayer() == layer)
            .toList();
    if (own.size() != 1) {
      throw new PluginFailure(
          Stage.INSTANTIATE,
          "%d providers after linking".formatted(own.size()),
          "check the provides clause of " + fileName(entry));
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(own.getFirst().type().getClassLoader());
    try {
      return own.getFirst().get();
    } catch (Throwable e) { // a plugin's constructor and static initialisers may throw anything
      throw new PluginFailure(
          Stage.INSTANTIATE,
          own.getFirst().type().getName() + " threw " + rootCause(e),
          "ask the plugin's author; its constructor must not fail");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Throwable rootCause(Throwable e) {
    return e.getCause() == null ? e : rootCause(e.getCause());
  }

  /** The plugin, once its id and everything it offers were asked for. */
  private static Plugin registered(Plugin plugin, String id) throws PluginFailure {
    @Nullable String own;
    try {
      own = plugin.id();
      ExtensionKind.all().forEach(kind -> checkOffers(kind, plugin));
    } catch (InvalidInputException e) {
      throw new PluginFailure(
          Stage.REGISTER, String.valueOf(e.getMessage()), "ask the plugin's author");
    } catch (Throwable e) { // as above
      throw new PluginFailure(
          Stage.REGISTER,
          "it threw %s when it was asked what it offers, at %s"
              .formatted(rootCause(e), Guard.place(rootCause(e).getStackTrace())),
          "ask the plugin's author");
    }
    if (own == null || own.isBlank()) {
      throw new PluginFailure(
          Stage.REGISTER,
          "the plugin has no id",
          "ask the plugin's author: id() is the folder's name");
    }
    if (!own.equals(id)) {
      throw new PluginFailure(
          Stage.REGISTER,
          "the plugin calls itself '%s', its folder '%s'".formatted(own, id),
          "rename the folder to " + own);
    }
    return plugin;
  }

  private static <T extends Extension> void checkOffers(ExtensionKind<T> kind, Plugin plugin) {
    Set<String> names = new HashSet<>();
    for (T factory : given(kind.of().apply(plugin), "list of " + kind.noun() + "s")) {
      given(factory, kind.noun());
      given(factory.name(), "name of a " + kind.noun());
      given(factory.summary(), "summary of '%s'".formatted(factory.name()));
      given(factory.settings(), "settings of '%s'".formatted(factory.name()));
      if (factory.name().isBlank() || factory.name().matches(".*[\\s/].*")) {
        throw new InvalidInputException(
            "the name '%s' of a %s cannot stand in an experiment file"
                .formatted(factory.name(), kind.noun()));
      }
      if (!names.add(factory.name())) {
        throw new InvalidInputException(
            "it offers two %ss called '%s'".formatted(kind.noun(), factory.name()));
      }
      if (factory.summary().isBlank()) {
        throw new InvalidInputException(
            "the %s '%s' has no summary".formatted(kind.noun(), factory.name()));
      }
      Set<String> settings = new HashSet<>();
      for (Setting setting : factory.settings().all()) {
        if (!settings.add(setting.name())) {
          throw new InvalidInputException(
              "the %s '%s' has two settings called '%s'"
                  .formatted(kind.noun(), factory.name(), setting.name()));
        }
      }
    }
  }

  private static <T> T given(@Nullable T value, String what) {
    if (value == null) {
      throw new InvalidInputException("it gives null as " + what);
    }
    return value;
  }

  private static String fileName(ModuleReference module) {
    return module
        .location()
        .map(uri -> String.valueOf(Path.of(uri).getFileName()))
        .orElse(module.descriptor().name());
  }
}
