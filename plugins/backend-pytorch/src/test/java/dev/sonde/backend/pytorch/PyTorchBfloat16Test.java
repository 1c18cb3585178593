package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.testkit.SettingsConfig;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchBfloat16Test {
  private static final Path MODEL = Path.of("../../models/microworld");
  private static final Sequence TOKENS = Sequence.of(1, 17, 5, 103, 44, 8, 91, 3);

  /** bfloat16 has 8 bits; each of 4 blocks adds two sums that were rounded so. */
  private static final double LEAST_ROUNDING = 1e-4;

  private static final double MOST_ROUNDING = 2e-2;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"hook_resid_post", "attn.hook_q", "mlp.hook_post", "attn.hook_result"})
  void rowsDifferFromThoseOfFloat32ByItsRoundingOnly(String site) {
    HookPoint last = HookPoint.of(3, site);
    assertDistance(
        rows("float32", OptionalLong.empty(), last), rows("bfloat16", OptionalLong.empty(), last));
  }

  @Test
  void freshWeightsAreRoundedLikeTrainedOnes() {
    HookPoint last = HookPoint.of(3, "hook_resid_post");
    assertDistance(
        rows("float32", OptionalLong.of(7), last), rows("bfloat16", OptionalLong.of(7), last));
  }

  @Test
  void theInputsOfTheFirstBlockAreNotRounded() {
    HookPoint first = HookPoint.of(0, "hook_resid_pre");
    assertThat(rows("bfloat16", OptionalLong.empty(), first))
        .isEqualTo(rows("float32", OptionalLong.empty(), first));
  }

  @Test
  void autoIsOneOfTheTwoAndSaysWhichAndWhy() {
    try (LanguageModel backend = open("auto", OptionalLong.empty())) {
      ModelInfo info = backend.info();
      assertThat(info.dtype()).isIn("float32", "bfloat16");
      assertThat(info.notes())
          .singleElement()
          .asString()
          .contains("dtype auto is " + info.dtype(), "times as fast as in float32");
    }
  }

  @Test
  void theModelSaysItsNumberType() {
    try (LanguageModel narrow = open("bfloat16", OptionalLong.empty());
        LanguageModel plain = open("float32", OptionalLong.empty())) {
      assertThat(narrow.info().dtype()).isEqualTo("bfloat16");
      assertThat(plain.info().dtype()).isEqualTo("float32");
      assertThat(plain.info().notes()).isEmpty();
    }
  }

  private static void assertDistance(float[] exact, float[] rounded) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < exact.length; i++) {
      difference += Math.pow(exact[i] - rounded[i], 2);
      norm += Math.pow(exact[i], 2);
    }
    assertThat(Math.sqrt(difference / norm)).isBetween(LEAST_ROUNDING, MOST_ROUNDING);
  }

  private float[] rows(String dtype, OptionalLong seed, HookPoint point) {
    Read read = Read.of(point, Selector.all());
    try (LanguageModel backend = open(dtype, seed);
        ActivationStream stream = backend.forward(ForwardRequest.of(List.of(TOKENS)).read(read))) {
      assertThat(stream.next()).isTrue();
      Rows rows = stream.batch().rows().getFirst();
      return rows.values().toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private LanguageModel open(String dtype, OptionalLong seed) {
    PyTorchBackendFactory factory = new PyTorchBackendFactory();
    Config config = SettingsConfig.defaults(factory.settings());
    Resources resources = Resources.of(folder.resolve("cache")).threads(2);
    ModelSource source = ModelSource.of(MODEL.toString(), MODEL, resources, config).dtype(dtype);
    return factory.open(seed.isPresent() ? source.freshSeed(seed.getAsLong()) : source);
  }
}
