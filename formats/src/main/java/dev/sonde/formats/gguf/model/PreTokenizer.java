package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.JsonText;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How a byte-level tokenizer cuts a text before it merges: what the published tokenizers have that
 * llama.cpp gives one name.
 *
 * @param splitting how characters fall into pieces
 * @param composed whether characters and their marks become one first (NFC)
 * @param wholeTokens whether a piece that is a token is not merged together
 * @param begins whether texts begin with a token of their own unless the file says otherwise
 */
record PreTokenizer(Splitting splitting, boolean composed, boolean wholeTokens, boolean begins) {

  private static final PreTokenizer GPT_2 = new PreTokenizer(Splitting.GPT_2, false, false, false);
  private static final PreTokenizer NEOX = new PreTokenizer(Splitting.GPT_2, true, false, false);
  private static final PreTokenizer DIGITS =
      new PreTokenizer(Splitting.DIGITS, false, false, false);
  private static final PreTokenizer COHERE = new PreTokenizer(Splitting.DIGITS, true, false, false);
  private static final PreTokenizer LLAMA_3 =
      new PreTokenizer(Splitting.LLAMA_3, false, true, true);
  private static final PreTokenizer DBRX = new PreTokenizer(Splitting.LLAMA_3, false, false, false);
  private static final PreTokenizer SEED = new PreTokenizer(Splitting.SEED, false, false, false);
  private static final PreTokenizer QWEN_2 = new PreTokenizer(Splitting.QWEN_2, true, false, false);
  private static final PreTokenizer GPT_4O =
      new PreTokenizer(Splitting.GPT_4O, false, false, false);
  private static final PreTokenizer TEKKEN = new PreTokenizer(Splitting.TEKKEN, false, true, true);

  private static final PreTokenizer QWEN_35 =
      new PreTokenizer(Splitting.QWEN_35, true, false, false);
  private static final PreTokenizer DEEPSEEK_LLM =
      new PreTokenizer(Splitting.DEEPSEEK_LLM, false, false, false);
  private static final PreTokenizer DEEPSEEK_CODER =
      new PreTokenizer(Splitting.DEEPSEEK_CODER, false, false, false);
  private static final PreTokenizer DEEPSEEK_V3 =
      new PreTokenizer(Splitting.DEEPSEEK_V3, false, false, false);

  /** By the name that llama.cpp gives; {@code default} is what files have that name none. */
  private static final Map<String, PreTokenizer> BY_NAME =
      Map.ofEntries(
          Map.entry("default", GPT_2),
          Map.entry("gpt-2", GPT_2),
          Map.entry("phi-2", GPT_2),
          Map.entry("olmo", NEOX),
          Map.entry("mpt", NEOX),
          Map.entry("smollm", DIGITS),
          Map.entry("starcoder", DIGITS),
          Map.entry("refact", DIGITS),
          Map.entry("codeshell", DIGITS),
          Map.entry("command-r", COHERE),
          Map.entry("llama3", LLAMA_3),
          Map.entry("llama-v3", LLAMA_3),
          Map.entry("llama-bpe", LLAMA_3),
          Map.entry("falcon3", LLAMA_3),
          Map.entry("pixtral", LLAMA_3),
          Map.entry("dbrx", DBRX),
          Map.entry("smaug-bpe", DBRX),
          Map.entry("lfm2", LLAMA_3),
          Map.entry("exaone4", GPT_2),
          Map.entry("qwen35", QWEN_35),
          Map.entry("deepseek-llm", DEEPSEEK_LLM),
          Map.entry("deepseek-coder", DEEPSEEK_CODER),
          Map.entry("deepseek-v3", DEEPSEEK_V3),
          Map.entry("glm4", DBRX),
          Map.entry("chatglm-bpe", DBRX),
          Map.entry("seed-coder", SEED),
          Map.entry("qwen2", QWEN_2),
          Map.entry("deepseek-r1-qwen", QWEN_2),
          Map.entry("megrez", QWEN_2),
          Map.entry("gpt-4o", GPT_4O),
          Map.entry("llama4", GPT_4O),
          Map.entry("tekken", TEKKEN));

  /**
   * The one that a vocabulary names.
   *
   * @throws FormatException listing the known ones if it is none of them
   */
  static PreTokenizer of(Vocabulary vocabulary) {
    String name = vocabulary.option("pre").orElse("default");
    PreTokenizer found = BY_NAME.get(name);
    if (found == null) {
      throw vocabulary.problem(
          "pre",
          "is '%s'; supported: %s"
              .formatted(name, String.join(", ", new TreeSet<>(BY_NAME.keySet()))));
    }
    return found;
  }

  /** The ways to split. */
  enum Splitting {
    GPT_2,
    DIGITS,
    LLAMA_3(
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
    QWEN_2(
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
    SEED(
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}"
            + "| ?[^\\s\\p{L}\\p{N}\\r\\n]+|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
    GPT_4O(
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
            + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
    TEKKEN(
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
            + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
    QWEN_35(
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
    DEEPSEEK_LLM(
        "[\r\n]",
        "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-"
            + "Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-"
            + "ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+",
        "\\s?[!-/:-~！-／：-～‘-‟　-。]+",
        "\\s+$",
        "[一-龥ࠀ-一가-퟿]+"),
    DEEPSEEK_CODER("[\r\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+"),
    DEEPSEEK_V3(
        "\\p{N}{1,3}",
        "[一-龥぀-ゟ゠-ヿ]+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
            + "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*"
            + "|\\s*[\r\n]+|\\s+(?!\\S)|\\s+");

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes no list that changes
    private final List<String> regexes;

    Splitting(String... regexes) {
      this.regexes = List.of(regexes);
    }

    /** As tokenizer.json says it. */
    List<Map<String, Object>> steps() {
      return switch (this) {
        case GPT_2 -> List.of(byteLevel(true));
        case DIGITS -> List.of(digits(), byteLevel(true));
        case DEEPSEEK_CODER, DEEPSEEK_LLM ->
            Stream.concat(splits(), Stream.of(digits(), byteLevel(false))).toList();
        default -> Stream.concat(splits(), Stream.of(byteLevel(false))).toList();
      };
    }

    private Stream<Map<String, Object>> splits() {
      return regexes.stream()
          .map(
              regex ->
                  JsonText.object(
                      "type",
                      "Split",
                      "pattern",
                      Map.of("Regex", regex),
                      "behavior",
                      "Isolated",
                      "invert",
                      false));
    }

    private static Map<String, Object> digits() {
      return JsonText.object("type", "Digits", "individual_digits", true);
    }

    private static Map<String, Object> byteLevel(boolean splits) {
      return JsonText.object(
          "type",
          "ByteLevel",
          "add_prefix_space",
          false,
          "trim_offsets",
          true,
          "use_regex",
          splits);
    }
  }
}
