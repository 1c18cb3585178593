package dev.sonde.formats.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  @TempDir Path home;
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void theCacheIsFoundInTheOrderOfHuggingFaceTools() {
    assertThat(settings().cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    environment.put("XDG_CACHE_HOME", "/xdg");
    assertThat(settings().cache()).isEqualTo(Path.of("/xdg/huggingface/hub"));
    environment.put("HF_HOME", "/hf");
    assertThat(settings().cache()).isEqualTo(Path.of("/hf/hub"));
    environment.put("HF_HUB_CACHE", "~/models");
    assertThat(settings().cache()).isEqualTo(home.resolve("models"));
  }

  @Test
  void anEmptyVariableCountsAsNone() {
    environment.put("HF_HUB_CACHE", "");
    environment.put("HF_HOME", " ");
    assertThat(settings().cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
  }

  @Test
  void cachesOfOlderToolsAreOnlyRead() {
    environment.put("HUGGINGFACE_HUB_CACHE", "/old");
    environment.put("TRANSFORMERS_CACHE", "/older");
    assertThat(settings().cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings().readOnlyCaches()).containsExactly(Path.of("/old"), Path.of("/older"));
  }

  @Test
  void theTokenComesFromItsVariableElseFromItsFile() throws IOException {
    assertThat(settings().token()).isEmpty();
    Files.createDirectories(home.resolve(".cache/huggingface"));
    Files.writeString(home.resolve(".cache/huggingface/token"), "hf_file\n");
    assertThat(settings().token()).contains("hf_file");
    environment.put("HF_TOKEN_PATH", Files.writeString(home.resolve("t"), "hf_path").toString());
    assertThat(settings().token()).contains("hf_path");
    environment.put("HF_TOKEN", " hf_variable ");
    assertThat(settings().token()).contains("hf_variable");
  }

  @Test
  void aTokenIsNeverPrinted() {
    environment.put("HF_TOKEN", "hf_secret");
    assertThat(settings()).asString().contains("token=set").doesNotContain("hf_secret");
    environment.put("HF_TOKEN", "hf_secret with a space");
    assertThatThrownBy(this::settings)
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith("HF_TOKEN")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aTokenFileThatCannotBeReadIsNamed() throws IOException {
    Path folder = Files.createDirectory(home.resolve("folder"));
    environment.put("HF_TOKEN_PATH", folder.toString());
    assertThatThrownBy(this::settings)
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith(folder.toString());
  }

  @ParameterizedTest
  @CsvSource({"1, true", "True, true", "on, true", "YES, true", "0, false", "off, false"})
  void offlineIsSaidAsInPython(String value, boolean offline) {
    environment.put("HF_HUB_OFFLINE", value);
    assertThat(settings().offline()).isEqualTo(offline);
    environment.remove("HF_HUB_OFFLINE");
    environment.put("TRANSFORMERS_OFFLINE", value);
    assertThat(settings().offline()).isEqualTo(offline);
  }

  @Test
  void anotherHubMayStandInForTheUsualOne() {
    assertThat(settings().endpoint().getScheme()).isEqualTo("https");
    environment.put("HF_ENDPOINT", "http://mirror:8080/hub/");
    assertThat(settings().endpoint()).hasToString("http://mirror:8080/hub");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mirror",
        "ftp://mirror",
        "http://",
        "http://a b",
        "https://u:p@mirror",
        "https://m?q"
      })
  void anEndpointThatIsNoPlainAddressIsRefused(String endpoint) {
    environment.put("HF_ENDPOINT", endpoint);
    assertThatThrownBy(this::settings)
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith("HF_ENDPOINT: '" + endpoint + "' is not a plain address");
  }

  private HubSettings settings() {
    return HubSettings.of(environment, home);
  }
}
