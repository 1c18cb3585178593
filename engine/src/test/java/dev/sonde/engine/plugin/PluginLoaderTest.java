package dev.sonde.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which a plugin folder can be wrong has its stage and its hint. */
class PluginLoaderTest {
  @TempDir Path plugins;

  private final PluginLoader loader = new PluginLoader();

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
  void aSecondClaimantOfANativeGroupIsRefusedByName() throws IOException {
    load(FixturePlugin.named("first").claiming("torch"));
    assertFailed(
        load(FixturePlugin.named("second").claiming("torch")),
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
