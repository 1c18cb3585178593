package dev.sonde.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which a plugin folder can be wrong has its stage and its hint. */
class PluginLoaderTest {
  private static final int MOST_COLLECTIONS = 50;

  @TempDir Path folder;
  private Path plugins;

  private PluginLoader loader;

  @BeforeEach
  void newLoader() throws IOException {
    plugins = Files.createDirectories(folder.resolve("plugins"));
    loader = loader(Duration.ofSeconds(60));
  }

  private PluginLoader loader(Duration limit) {
    return new PluginLoader(new Activity(), limit);
  }

  @Test
  void aGoodPluginIsLoadedIntoALayerOfItsOwn() throws IOException {
    PluginOutcome outcome = load(FixturePlugin.named("good"));
    LoadedPlugin plugin = ((PluginOutcome.Loaded) outcome).plugin();
    assertThat(plugin.id()).isEqualTo("good");
    assertThat(plugin.layer()).isNotSameAs(ModuleLayer.boot());
    assertThat(plugin.plugin().getClass().getModule().getLayer()).isSameAs(plugin.layer());
  }

  @Test
  void pluginCodeRunsWithThePluginsContextClassLoader() throws IOException {
    LoadedPlugin plugin = ((PluginOutcome.Loaded) load(FixturePlugin.named("good"))).plugin();
    ClassLoader during = plugin.call(() -> Thread.currentThread().getContextClassLoader());
    assertThat(during).isSameAs(plugin.plugin().getClass().getClassLoader());
    assertThat(Thread.currentThread().getContextClassLoader()).isNotSameAs(during);
  }

  @Test
  void aFolderWithoutJarsFailsAtScan() throws IOException {
    Path empty = Files.createDirectories(plugins.resolve("empty"));
    assertFailed(loader.load(empty, "user"), Stage.SCAN, "holds no jar");
  }

  @Test
  void aBrokenJarFailsAtScanByName() throws IOException {
    Path folder = FixturePlugin.named("broken").writeTo(plugins);
    Files.writeString(folder.resolve("library.jar"), "this is no zip file");
    assertFailed(loader.load(folder, "user"), Stage.SCAN, "library.jar is not a readable jar");
  }

  @Test
  void aCopyOfTheApiFailsAtScan() throws IOException {
    Path folder = FixturePlugin.named("copy").writeTo(plugins);
    FixturePlugin.copyApi(folder.resolve("api-copy.jar"));
    assertFailed(
        loader.load(folder, "user"), Stage.SCAN, "api-copy.jar is a copy of dev.sonde.api");
  }

  @Test
  void aFolderWithoutProviderFailsAtDescribe() throws IOException {
    assertFailed(
        load(FixturePlugin.named("none").withoutProvider()),
        Stage.DESCRIBE,
        "no jar is a module that provides");
  }

  @Test
  void twoProvidersFailAtDescribe() throws IOException {
    assertFailed(
        load(FixturePlugin.named("two").withSecondProvider()), Stage.DESCRIBE, "2 providers");
  }

  @Test
  void anOtherMajorVersionFailsAtVersion() throws IOException {
    assertFailed(
        load(FixturePlugin.named("future").compiledAgainst("7.0.0")),
        Stage.VERSION,
        "compiled against api 7.0.0");
  }

  @Test
  void aNewerMinorVersionFailsAtVersion() throws IOException {
    assertFailed(
        load(FixturePlugin.named("newer").compiledAgainst("0.99.0")),
        Stage.VERSION,
        "compiled against api 0.99.0");
  }

  @Test
  void aMissingLibraryFailsAtResolve() throws IOException {
    PluginOutcome outcome = load(FixturePlugin.named("missing").requiring("some.library"));
    assertFailed(outcome, Stage.RESOLVE, "some.library");
    assertThat(((PluginOutcome.Failed) outcome).hint()).contains("missing library's jar");
  }

  @Test
  void aThrowingConstructorFailsAtInstantiate() throws IOException {
    assertFailed(
        load(
            FixturePlugin.named("thrower").constructor("throw new IllegalStateException(\"no\");")),
        Stage.INSTANTIATE,
        "java.lang.IllegalStateException: no");
  }

  @Test
  void aThrowingStaticInitialiserFailsAtInstantiate() throws IOException {
    assertFailed(
        load(
            FixturePlugin.named("initialiser")
                .staticInitialiser("if (true) throw new Error(\"no\");")),
        Stage.INSTANTIATE,
        "java.lang.Error: no");
  }

  @Test
  void aConstructorThatNeverEndsFailsAtInstantiateAndOthersLoad() throws IOException {
    PluginLoader impatient = loader(Duration.ofMillis(300));
    Path folder =
        FixturePlugin.named("hanging")
            .constructor("while (!Thread.interrupted()) {}")
            .writeTo(plugins);
    assertFailed(
        impatient.load(folder, "user"),
        Stage.INSTANTIATE,
        "it is at fixture.hanging.First.<init>(First.java:");
    assertThat(loader.load(FixturePlugin.named("fine").writeTo(plugins), "user"))
        .isInstanceOf(PluginOutcome.Loaded.class);
  }

  @Test
  void aConstructorThatTakesAllMemoryFailsAtInstantiate() throws IOException {
    assertFailed(
        load(
            FixturePlugin.named("greedy")
                .constructor(
                    "var all = new java.util.ArrayList<Object>();"
                        + " while (true) all.add(new long[1 << 30]);")),
        Stage.INSTANTIATE,
        "java.lang.OutOfMemoryError");
  }

  @Test
  void aPluginThatThrowsWhenItIsAskedWhatItOffersFailsAtRegister() throws IOException {
    assertFailed(
        load(
            FixturePlugin.named("moody")
                .member(
                    "public java.util.List<dev.sonde.api.probe.ProbeFactory> probes() {"
                        + " throw new IllegalStateException(\"not today\"); }")),
        Stage.REGISTER,
        "java.lang.IllegalStateException: not today");
  }

  @Test
  void aMissingPlatformModuleFailsAtResolveByName() throws IOException {
    assertFailed(
        load(FixturePlugin.named("desktop").requiring("java.imaginary")),
        Stage.RESOLVE,
        "java.imaginary");
  }

  @Test
  void twoModulesWithOnePackageFailAtLinkWithThePlaceToMoveOneTo() throws IOException {
    Path folder =
        FixturePlugin.named("split")
            .withLibrary(FixtureLibrary.module("first.part").with("shared.Thing", "1"))
            .withLibrary(FixtureLibrary.module("second.part").with("shared.Thing", "2"))
            .writeTo(plugins);
    PluginOutcome outcome = loader.load(folder, "user");
    assertFailed(outcome, Stage.LINK, "Package shared in more than one module");
    assertThat(((PluginOutcome.Failed) outcome).hint()).contains(folder.resolve("lib").toString());
  }

  @Test
  void oneModuleInTwoJarsFailsAtScanByTheirNames() throws IOException {
    Path folder =
        FixturePlugin.named("doubled")
            .withLibrary(FixtureLibrary.module("part").with("part.Thing", "1").in("part-1.jar"))
            .withLibrary(FixtureLibrary.module("part").with("part.Thing", "2").in("part-2.jar"))
            .writeTo(plugins);
    assertFailed(
        loader.load(folder, "user"), Stage.SCAN, "module part is in two jars: part-1.jar and");
  }

  @Test
  void aJarWhoseNameIsNoModuleNameIsALibraryBesideTheModules() throws IOException {
    Path folder =
        FixturePlugin.named("badly-named")
            .withLibrary(FixtureLibrary.plain().with("natives.Thing", "7").in("3d-native-1.0.jar"))
            .calling("natives.Thing")
            .writeTo(plugins);
    assertThat(answer(loader.load(folder, "user"))).isEqualTo("7");
  }

  @Test
  void librariesThatAreNoModulesLieInAFolderOfTheirOwn() throws IOException {
    Path folder =
        FixturePlugin.named("old-library")
            .withLibrary(FixtureLibrary.plain().with("old.Thing", "8").in("lib/old-1.jar"))
            .calling("old.Thing")
            .writeTo(plugins);
    assertThat(answer(loader.load(folder, "user"))).isEqualTo("8");
  }

  @Test
  void twoPluginsHaveTwoVersionsOfOneLibraryAtOnce() throws IOException {
    Path first =
        FixturePlugin.named("with-one")
            .withLibrary(FixtureLibrary.module("common").with("common.Thing", "one"))
            .requiring("common")
            .calling("common.Thing")
            .writeTo(plugins);
    Path second =
        FixturePlugin.named("with-two")
            .withLibrary(FixtureLibrary.module("common").with("common.Thing", "two"))
            .requiring("common")
            .calling("common.Thing")
            .writeTo(plugins);
    PluginOutcome one = loader.load(first, "user");
    PluginOutcome two = loader.load(second, "user");
    assertThat(answer(one)).isEqualTo("one");
    assertThat(answer(two)).isEqualTo("two");
  }

  /** What the library of a plugin says, which the plugin gives as its {@code toString}. */
  private static String answer(PluginOutcome outcome) {
    assertThat(outcome).isInstanceOf(PluginOutcome.Loaded.class);
    LoadedPlugin plugin = ((PluginOutcome.Loaded) outcome).plugin();
    return plugin.call(() -> plugin.plugin().toString());
  }

  @Test
  void aPluginThatNobodyHoldsAnyMoreIsCollectedWithItsLayer() throws IOException {
    Path folder = FixturePlugin.named("passing").writeTo(plugins);
    WeakReference<ModuleLayer> layer = loadedAndForgotten(folder);
    for (int round = 0; round < MOST_COLLECTIONS && layer.get() != null; round++) {
      System.gc();
    }
    assertThat(layer.get()).isNull();
  }

  private WeakReference<ModuleLayer> loadedAndForgotten(Path folder) {
    PluginOutcome outcome = loader.load(folder, "user");
    LoadedPlugin plugin = ((PluginOutcome.Loaded) outcome).plugin();
    assertThat(plugin.call(() -> plugin.plugin().id())).isEqualTo("passing");
    return new WeakReference<>(plugin.layer());
  }

  @Test
  void aJarThatChangedIsRefusedUntilItIsAccepted() throws IOException {
    Path folder = FixturePlugin.named("pinned").writeTo(plugins);
    assertThat(loader.load(folder, "user")).isInstanceOf(PluginOutcome.Loaded.class);
    FixturePlugin.named("pinned").constructor("int changed = 1;").writeTo(plugins);
    PluginOutcome changed = loader(Duration.ofSeconds(60)).load(folder, "user");
    assertFailed(changed, Stage.TRUST, "pinned.jar has changed since it was accepted");
    assertThat(((PluginOutcome.Failed) changed).hint()).contains("sonde plugins --accept pinned");

    PluginLock.beside(folder).accept("pinned", PluginLock.hashes(folder));
    assertThat(loader(Duration.ofSeconds(60)).load(folder, "user"))
        .isInstanceOf(PluginOutcome.Loaded.class);
  }

  @Test
  void aLargeJarThatChangedIsRefusedAlsoIfItsTimeIsKept() throws IOException {
    Path folder = FixturePlugin.named("large").writeTo(plugins);
    Path jar = Files.createDirectories(folder.resolve("lib")).resolve("data.jar");
    byte[] bytes = zip(3 << 20);
    Files.write(jar, bytes);
    FileTime time = Files.getLastModifiedTime(jar);
    assertThat(loader.load(folder, "user")).isInstanceOf(PluginOutcome.Loaded.class);
    bytes[1 << 20] ^= 1;
    Files.write(jar, bytes);
    Files.setLastModifiedTime(jar, time);
    assertFailed(
        loader(Duration.ofSeconds(60)).load(folder, "user"),
        Stage.TRUST,
        "lib/data.jar has changed since it was accepted");
  }

  /** A jar with a file of that many bytes, stored as they are. */
  private static byte[] zip(int size) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      zip.putNextEntry(new ZipEntry("data"));
      zip.write(new byte[size]);
    }
    return bytes.toByteArray();
  }

  @Test
  void aJarThatWasAddedIsAChange() throws IOException {
    Path folder = FixturePlugin.named("grown").writeTo(plugins);
    loader.load(folder, "user");
    FixturePlugin.named("grown")
        .withLibrary(FixtureLibrary.plain().with("more.Thing", "1").in("more.jar"))
        .writeTo(plugins);
    assertFailed(
        loader(Duration.ofSeconds(60)).load(folder, "user"), Stage.TRUST, "more.jar is new");
  }

  @Test
  void pluginsOfAGivenFolderAreBuiltAgainAndAgainAndPinnedOnlyOnceAccepted() throws IOException {
    Path folder = FixturePlugin.named("mine").writeTo(plugins);
    assertThat(loader.load(folder, "given")).isInstanceOf(PluginOutcome.Loaded.class);
    assertThat(plugins.resolve("plugins.lock")).doesNotExist();
  }

  @Test
  void nativeAccessNeedsToBeAllowed() throws IOException {
    Path folder = FixturePlugin.named("wants-natives").claiming("torch").writeTo(plugins);
    PluginOutcome refused = loader.load(folder, "user");
    assertFailed(refused, Stage.TRUST, "wants to load native libraries ('torch')");
    assertThat(((PluginOutcome.Failed) refused).hint())
        .contains("sonde plugins --allow-native wants-natives");
    PluginLock.beside(folder).allowNatives("wants-natives");
    PluginOutcome allowed = loader(Duration.ofSeconds(60)).load(folder, "user");
    assertThat(allowed).isInstanceOf(PluginOutcome.Loaded.class);
    Module module = ((PluginOutcome.Loaded) allowed).plugin().plugin().getClass().getModule();
    assertThat(module.isNativeAccessEnabled()).isTrue();
  }

  @Test
  void whoDoesNotDeclareNativesHasNoNativeAccess() throws IOException {
    PluginOutcome outcome = load(FixturePlugin.named("plain"));
    Module module = ((PluginOutcome.Loaded) outcome).plugin().plugin().getClass().getModule();
    assertThat(module.isNativeAccessEnabled()).isFalse();
  }

  @Test
  void aLockThatCannotBeReadIsNamedByItsLine() throws IOException {
    Files.writeString(plugins.resolve("plugins.lock"), "# fine\nwhat is this\n");
    assertFailed(load(FixturePlugin.named("locked")), Stage.TRUST, "plugins.lock:2: is neither");
  }

  @Test
  void anIdThatIsNotTheFoldersFailsAtRegister() throws IOException {
    Path folder = FixturePlugin.named("mine").writeTo(plugins);
    Path renamed = Files.move(folder, plugins.resolve("yours"));
    assertFailed(loader.load(renamed, "user"), Stage.REGISTER, "calls itself 'mine'");
  }

  @Test
  void aSecondPluginOfOneIdFailsAtRegister() throws IOException {
    load(FixturePlugin.named("twin"));
    Path other = FixturePlugin.named("twin").writeTo(plugins.resolve("elsewhere"));
    assertFailed(loader.load(other, "user"), Stage.REGISTER, "already taken");
  }

  @Test
  void aGivenPluginStandsInThePlaceOfTheUsersOwn() throws IOException {
    Path given = FixturePlugin.named("twin").writeTo(plugins.resolve("given"));
    Path own = FixturePlugin.named("twin").writeTo(plugins.resolve("own"));
    assertThat(loader.load(given, PluginLoader.GIVEN)).isInstanceOf(PluginOutcome.Loaded.class);
    assertThat(loader.load(own, PluginLoader.USER)).isInstanceOf(PluginOutcome.Disabled.class);
  }

  @Test
  void aSecondClaimantOfANativeGroupIsRefusedByName() throws IOException {
    loader.load(FixturePlugin.named("first").claiming("torch").writeTo(plugins), "bundled");
    assertFailed(
        loader.load(FixturePlugin.named("second").claiming("torch").writeTo(plugins), "bundled"),
        Stage.LINK,
        "already claimed by plugin 'first'");
  }

  @Test
  void aFolderThatIsSwitchedOffIsDisabled() throws IOException {
    Path folder = FixturePlugin.named("off").writeTo(plugins);
    Path renamed = Files.move(folder, plugins.resolve("off.disabled"));
    assertThat(loader.load(renamed, "user")).isInstanceOf(PluginOutcome.Disabled.class);
  }

  @Test
  void oneBadFolderDoesNotKeepOthersFromLoading() throws IOException {
    FixturePlugin.named("a-good-one").writeTo(plugins);
    Files.createDirectories(plugins.resolve("b-empty"));
    FixturePlugin.named("c-good-too").writeTo(plugins);
    List<PluginOutcome> outcomes = loader.loadAll(plugins, "user");
    assertThat(outcomes).extracting(PluginOutcome::id).hasSize(3);
    assertThat(outcomes.get(0)).isInstanceOf(PluginOutcome.Loaded.class);
    assertThat(outcomes.get(1)).isInstanceOf(PluginOutcome.Failed.class);
    assertThat(outcomes.get(2)).isInstanceOf(PluginOutcome.Loaded.class);
  }

  @Test
  void anUnknownNameListsThePluginsThatFailed() throws IOException {
    Files.createDirectories(plugins.resolve("broken"));
    PluginRegistry registry = new PluginRegistry(loader.loadAll(plugins, "user"));
    Assertions.assertThatThrownBy(() -> registry.find(ExtensionKind.PROBE, "linear"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("unknown probe 'linear'")
        .hasMessageContaining("plugin 'broken' failed at SCAN");
  }

  @Test
  void aNameOfAPluginThatFailedIsItsFailure() throws IOException {
    Files.createDirectories(plugins.resolve("probe-linear"));
    PluginRegistry registry = new PluginRegistry(loader.loadAll(plugins, "user"));
    Assertions.assertThatThrownBy(() -> registry.find(ExtensionKind.PROBE, "linear"))
        .isInstanceOf(PluginRequiredException.class)
        .hasMessageContaining("plugin 'probe-linear' failed at SCAN");
  }

  private PluginOutcome load(FixturePlugin plugin) throws IOException {
    return loader.load(plugin.writeTo(plugins), "user");
  }

  private static void assertFailed(PluginOutcome outcome, Stage stage, String cause) {
    assertThat(outcome).isInstanceOf(PluginOutcome.Failed.class);
    PluginOutcome.Failed failed = (PluginOutcome.Failed) outcome;
    assertThat(failed.stage()).as(failed.message()).isEqualTo(stage);
    assertThat(failed.message()).contains(cause);
    assertThat(failed.hint()).isNotBlank();
  }
}
