package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufFile;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The families by {@code general.architecture}. */
final class GgufFamilies {
  private static final Map<String, Family> BY_ARCHITECTURE =
      Map.ofEntries(
          Map.entry("llama", new Llama()),
          Map.entry("qwen2", new Qwen2()),
          Map.entry("qwen3", new Qwen3()),
          Map.entry("qwen2moe", new QwenMixture(false)),
          Map.entry("qwen3moe", new QwenMixture(true)),
          Map.entry("gemma", new Gemma1()),
          Map.entry("gemma2", new Gemma2()),
          Map.entry("gemma3", new Gemma3()),
          Map.entry("olmo2", new Olmo2()),
          Map.entry("olmoe", new Olmoe()),
          Map.entry("deepseek2", new DeepSeek2()),
          Map.entry("glm4", new Glm4()),
          Map.entry("granite", new Granite(false)),
          Map.entry("granitemoe", new Granite(true)),
          Map.entry("granitehybrid", new GraniteHybrid()),
          Map.entry("glm4moe", new Glm4Mixture()),
          Map.entry("gemma3n", new Gemma3n()),
          Map.entry("qwen3next", new Qwen3Next()),
          Map.entry("lfm2", new Lfm2()),
          Map.entry("exaone4", new Exaone4()),
          Map.entry("nemotron", new Nemotron()),
          Map.entry("starcoder2", new StarCoder2()),
          Map.entry("smollm3", new SmolLm3()),
          Map.entry("seed_oss", new SeedOss()),
          Map.entry("phi3", new Phi3()),
          Map.entry("command-r", new CommandR()),
          Map.entry("cohere2", new Cohere2()),
          Map.entry("gpt-oss", new GptOss()),
          Map.entry("gptneox", new GptNeoX()),
          Map.entry("gpt2", new Gpt2()));

  private GgufFamilies() {}

  /** Every architecture that is read. */
  static Set<String> architectures() {
    return BY_ARCHITECTURE.keySet();
  }

  /**
   * The family of a file.
   *
   * @throws FormatException listing the supported ones if it is none of them
   */
  static Family of(GgufFile file, String architecture) {
    Family family = BY_ARCHITECTURE.get(architecture);
    if (family == null) {
      throw new FormatException(
          file.path(),
          "architecture '%s' is not supported; supported: %s"
              .formatted(architecture, String.join(", ", new TreeMap<>(BY_ARCHITECTURE).keySet())));
    }
    return family;
  }
}
