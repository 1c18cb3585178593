package dev.sonde.formats.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights in other forms than plain numbers are read exactly, or named with the way out. */
class WeightFormsTest {
  private static final String DOWN = "model.layers.0.mlp.down_proj.weight";
  private static final long[] SQUARE = {2, 2};

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pytorch_model.bin | is a pickle",
        "model.pth | is a pickle",
        "tf_model.h5 | is a format of TensorFlow or Flax",
        "consolidated.safetensors | under the names of the model's makers",
        "model.safetensors.incomplete | is a download that was not finished",
        "tiny.gguf | name that file itself",
        "model-00001-of-00002.safetensors | model.safetensors.index.json"
      })
  void aFolderWithOtherFilesIsToldWhatTheyAre(String file, String reason) throws Exception {
    new TinyFolder().text(folder, "config.json", TinyFolder.CONFIG).text(folder, file, "");

    assertThatThrownBy(() -> ModelFolder.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(folder.resolve(file).toString())
        .hasMessageContaining(reason);
  }

  @Test
  void aPointerOfGitLfsIsNamed() {
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n";
    new TinyFolder()
        .text(folder, "config.json", TinyFolder.CONFIG)
        .text(folder, "model.safetensors", pointer);

    assertThatThrownBy(() -> ModelFolder.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is a Git LFS pointer")
        .hasMessageContaining("git lfs pull");
  }

  @Test
  void aShardThatIsNotThereIsNamed() throws Exception {
    new TinyFolder().write(folder);
    Files.move(
        folder.resolve("model.safetensors"), folder.resolve("model-00001-of-00002.safetensors"));
    new TinyFolder()
        .text(
            folder,
            "model.safetensors.index.json",
            "{\"weight_map\": {\"model.norm.weight\": \"model-00001-of-00002.safetensors\", \"lm_head.weight\": \"model-00002-of-00002.safetensors\"}}");

    assertThatThrownBy(() -> ModelFolder.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("model-00002-of-00002.safetensors");
  }

  @ParameterizedTest
  @CsvSource({"gptq", "awq", "quanto", "hqq", "aqlm"})
  void aMethodThatIsNotReadIsNamedWithTheWayOut(String method) {
    TinyFolder quantised =
        new TinyFolder().config("\"quantization_config\": {\"quant_method\": \"" + method + "\"}");

    assertThatThrownBy(() -> quantised.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("quantised by " + method)
        .hasMessageContaining("use the model's unquantised weights, or a GGUF file of it");
  }

  @Test
  void wholeNumbersThatNothingExplainsAreRefused() {
    TinyFolder quantised = new TinyFolder().bytes(DOWN, DType.I8, SQUARE, new byte[4]);

    assertThatThrownBy(() -> quantised.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("tensor '" + DOWN + "' holds whole numbers (I8)");
  }

  @Test
  void namesOfACompiledModuleAreExplained() {
    TinyFolder compiled =
        new TinyFolder().floats("_orig_mod.model.norm.weight", new long[] {2}, 1, 1);

    assertThatThrownBy(() -> compiled.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("_orig_mod.");
  }

  /** 0x38, 0x40, 0xb8, 0x01: 1, 2, −1 and the smallest number of the type, 2⁻⁹. */
  @ParameterizedTest
  @CsvSource({"1, 3", "2, 3"})
  void eighthsAreMultipliedWithTheScaleOfTheirTensorOrRow(int scales, float last) {
    float[] values = scales == 1 ? new float[] {3} : new float[] {2, 3};
    long[] shape = scales == 1 ? new long[] {1} : new long[] {2, 1};
    ModelFolder model =
        new TinyFolder()
            .config("\"quantization_config\": {\"quant_method\": \"fp8\"}")
            .bytes(DOWN, DType.F8_E4M3, SQUARE, (byte) 0x38, (byte) 0x40, (byte) 0xb8, (byte) 1)
            .floats(DOWN + "_scale", shape, values)
            .open(folder);

    float first = values[0];
    assertThat(down(model)).containsExactly(first, 2 * first, -last, last / 512);
    assertThat(model.remarks()).singleElement().asString().contains("FP8 with scales");
  }

  @Test
  void eighthsWithoutAScaleAreRefused() {
    TinyFolder bare = new TinyFolder().bytes(DOWN, DType.F8_E4M3, SQUARE, new byte[4]);

    assertThatThrownBy(() -> bare.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("no '" + DOWN + "_scale' says what they stand for");
  }

  @Test
  void eightBitRowsOfBitsandbytesAreSharesOfTheirScale() {
    String module = DOWN.substring(0, DOWN.length() - "weight".length());
    ModelFolder model =
        bitsandbytes()
            .bytes(DOWN, DType.I8, SQUARE, (byte) 127, (byte) -127, (byte) 0, (byte) 1)
            .floats(module + "SCB", new long[] {2}, 127, 254)
            .bytes(module + "weight_format", DType.U8, new long[0], (byte) 0)
            .open(folder);

    assertThat(down(model)).containsExactly(127, -127, 0, 2);
  }

  @Test
  void fourBitsOfBitsandbytesArePlacesInTheirTableTimesTheScaleOfTheirBlock() {
    float[] table = new float[16];
    for (int i = 0; i < table.length; i++) {
      table[i] = i - 8;
    }
    String state =
        "{\"quant_type\": \"nf4\", \"blocksize\": 2, \"shape\": [2, 2], \"dtype\": \"float32\"}";
    byte[] text = state.getBytes(StandardCharsets.UTF_8);
    ModelFolder model =
        bitsandbytes()
            .bytes(DOWN, DType.U8, new long[] {2, 1}, (byte) 0x0f, (byte) 0x98)
            .floats(DOWN + ".absmax", new long[] {2}, 1, 10)
            .floats(DOWN + ".quant_map", new long[] {16}, table)
            .bytes(
                DOWN + ".quant_state.bitsandbytes__nf4", DType.U8, new long[] {text.length}, text)
            .open(folder);

    assertThat(down(model)).containsExactly(-8, 7, 10, 0);
  }

  private static TinyFolder bitsandbytes() {
    return new TinyFolder().config("\"quantization_config\": {\"quant_method\": \"bitsandbytes\"}");
  }

  /** Rank one: alpha / rank is 4, the product of both is [[1, 2], [10, 20]]. */
  @Test
  void anAdapterIsAddedToItsBase() {
    Path base = folder.resolve("base");
    Path adapter = folder.resolve("adapter");
    new TinyFolder().write(base);
    String module = "base_model.model.model.layers.0.mlp.down_proj.";
    new TinyFolder()
        .empty()
        .floats(module + "lora_A.weight", new long[] {1, 2}, 1, 2)
        .floats(module + "lora_B.weight", new long[] {2, 1}, 1, 10)
        .text(
            adapter,
            "adapter_config.json",
            "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 4, \"base_model_name_or_path\": \"../base\"}")
        .weights(adapter.resolve("adapter_model.safetensors"));

    assertThat(down(ModelFolder.open(adapter))).containsExactly(4 + 4, 3 + 8, 2 + 40, 1 + 80);
  }

  @Test
  void anAdapterWhoseBaseIsNotHereNamesIt() {
    new TinyFolder()
        .empty()
        .text(
            folder,
            "adapter_config.json",
            "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": \"org/base\"}")
        .weights(folder.resolve("adapter_model.safetensors"));

    assertThatThrownBy(() -> ModelFolder.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("a LoRA adapter (adapter_config.json) of 'org/base'");
  }

  private static float[] down(ModelFolder model) {
    Weight weight = model.weights().linear(Part.DOWN, 0).weight();
    float[] numbers = new float[(int) weight.count()];
    weight.copyFloats(0, MemorySegment.ofArray(numbers), numbers.length);
    return numbers;
  }
}
