package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufFile;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.gguf.GgufType;
import dev.sonde.formats.huggingface.HookSites;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.packing.folder.FolderInfo;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A GGUF file, checked by our own reader, and what it says of its model. Of architectures that the
 * library {@code formats} knows, their description comes from there.
 */
final class GgufModelFile {
  /** Weights of a block, and the modules they were converted from in most families. */
  static final Map<String, String> LINEARS =
      Map.of(
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj");

  private static final List<String> ENDS = List.of("eos", "eot", "eom");

  private final GgufFile file;
  private final GgufNumbers numbers;
  private final Optional<ModelFolder> folder;
  private final Architecture table;

  private GgufModelFile(GgufFile file, GgufNumbers numbers, Optional<ModelFolder> folder) {
    this.file = file;
    this.numbers = numbers;
    this.folder = folder;
    this.table = Architecture.of(numbers.architecture());
  }

  /**
   * Reads the header.
   *
   * @throws FormatException if it is malformed, or says what no model can be
   */
  static GgufModelFile open(Path path) {
    GgufFile file = GgufFile.openWhole(path, Arena.ofAuto());
    GgufNumbers numbers = GgufNumbers.of(file);
    return new GgufModelFile(file, numbers, known(path));
  }

  private static Optional<ModelFolder> known(Path path) {
    try {
      return Optional.of(ModelFolder.open(path));
    } catch (FormatException e) {
      return Optional.empty(); // llama.cpp knows more architectures than formats does
    }
  }

  Path path() {
    return file.path();
  }

  String architecture() {
    return numbers.architecture();
  }

  int layers() {
    return numbers.layers();
  }

  int vocabulary() {
    return numbers.vocabulary();
  }

  GgufNumbers numbers() {
    return numbers;
  }

  int keyWidth() {
    return numbers.keyWidth();
  }

  /** Whether the converter stored rotary halves of queries and keys as pairs. */
  boolean pairsRotary() {
    return table.pairsRotary();
  }

  /** The Hugging Face name of a block's module. */
  String linear(String module, int layer) {
    String prefix =
        folder
            .map(f -> f.spec().blocks().getFirst().names().values().iterator().next().path())
            .map(path -> path.substring(0, path.indexOf("%d")))
            .orElse("model.layers.");
    return prefix + layer + "." + module;
  }

  /** The type that most of its numbers are stored as. */
  String weightType() {
    Map<GgufType, Long> counts = new EnumMap<>(GgufType.class);
    for (GgufTensor tensor : file.tensors().values()) {
      counts.merge(tensor.type(), tensor.count(), Long::sum);
    }
    return counts.entrySet().stream()
        .max(Comparator.comparingLong(Map.Entry::getValue))
        .map(entry -> entry.getKey().name())
        .orElseThrow();
  }

  /** Bytes of its weights. */
  long weightBytes() {
    return file.tensors().values().stream().mapToLong(t -> t.data().byteSize()).sum();
  }

  /** A description to which the backend adds number type and memory. */
  ModelInfo info(ContentHash hashes) {
    String hash = hashes.of(file.parts());
    ModelInfo info = folder.map(f -> FolderInfo.of(f, hash)).orElseGet(() -> plain(hash));
    ModelInfo offered = info.widths(widths());
    return table.note(numbers.architecture()).map(offered::note).orElse(offered);
  }

  private ModelInfo plain(String hash) {
    ModelInfo info =
        ModelInfo.of(numbers.architecture(), hash)
            .shape(numbers.layers(), numbers.width())
            .heads(numbers.heads(), numbers.keyValueHeads(), numbers.keyWidth())
            .vocabulary(numbers.vocabulary())
            .parameters(file.tensors().values().stream().mapToLong(GgufTensor::count).sum())
            .endOfSequence(
                ENDS.stream()
                    .flatMap(
                        end ->
                            file.metadata().whole("tokenizer.ggml." + end + "_token_id").stream())
                    .mapToInt(Math::toIntExact)
                    .distinct()
                    .toArray());
    return hasTokenizer()
        ? info.tokenizer(new TokenizerSource(TokenizerSource.GGUF, file.path()))
        : info;
  }

  private boolean hasTokenizer() {
    return file.metadata().text("tokenizer.ggml.model").filter(m -> !m.equals("none")).isPresent();
  }

  /** Sites that can be read, with the numbers of a row at each. */
  Map<String, Integer> widths() {
    Map<String, Integer> all =
        folder
            .map(f -> f.weights().hookSites())
            .map(HookSites::widths)
            .orElseGet(this::plainWidths);
    Map<String, Integer> offered = new TreeMap<>();
    all.forEach(
        (name, width) -> {
          if (table.offers(HookPoint.parse(name).site())) {
            offered.put(name, width);
          }
        });
    return offered;
  }

  /** Sites that can be read. */
  Set<String> sites() {
    Set<String> sites = new TreeSet<>();
    folder
        .map(f -> f.weights().hookSites().sites())
        .orElseGet(() -> plainWidths().keySet())
        .stream()
        .filter(table::offers)
        .forEach(sites::add);
    return sites;
  }

  /** Points that other blocks have. */
  Set<String> absent() {
    return folder.map(f -> f.weights().hookSites().absent()).orElseGet(this::plainAbsent);
  }

  /** What needs a weight that a block has not. */
  private Set<String> plainAbsent() {
    Set<String> absent = new TreeSet<>();
    for (int layer = 0; layer < numbers.layers(); layer++) {
      for (String site : plainWidths().keySet()) {
        boolean router = site.equals("mlp.hook_router");
        String weight = router ? "ffn_gate_inp" : "ffn_down";
        if (site.startsWith("mlp.")
            && !file.tensors().containsKey("blk." + layer + "." + weight + ".weight")) {
          absent.add(HookPoint.of(layer, site).name());
        }
      }
    }
    return absent;
  }

  boolean isCausal() {
    return file.metadata().flag(architecture() + ".attention.causal").orElse(true);
  }

  /** The sites of a model that {@code formats} does not know, by the numbers in its header. */
  private Map<String, Integer> plainWidths() {
    Map<String, Integer> widths = new LinkedHashMap<>();
    int queries = numbers.heads() * numbers.keyWidth();
    int keys = numbers.keyValueHeads() * numbers.keyWidth();
    Stream.of("hook_embed", "hook_resid_pre", "hook_resid_mid", HookPoint.RESID_POST)
        .forEach(site -> widths.put(site, numbers.width()));
    if (file.tensors().containsKey("position_embd.weight")) {
      widths.put(HookPoint.POSITION_EMBED.name(), numbers.width());
    }
    Stream.of("hook_attn_out", "hook_mlp_out", "ln_final.hook_out")
        .forEach(site -> widths.put(site, numbers.width()));
    widths.put(HookPoint.LOGITS.name(), numbers.vocabulary());
    widths.put(HookPoint.LOG_PROB.name(), 1);
    widths.put("attn.hook_q", queries);
    widths.put("attn.hook_k", keys);
    widths.put("attn.hook_v", numbers.keyValueHeads() * numbers.valueWidth());
    widths.put("attn.hook_q_pre_rot", queries);
    widths.put("attn.hook_k_pre_rot", keys);
    widths.put("attn.hook_rot_q", queries);
    widths.put("attn.hook_rot_k", keys);
    widths.put("attn.hook_z", numbers.heads() * numbers.valueWidth());
    widths.put(HookPoint.SCORES, 0);
    widths.put(HookPoint.PATTERN, 0);
    if (numbers.experts() > 0) {
      widths.put("mlp.hook_router", numbers.experts());
    } else {
      widths.put("mlp.hook_pre", numbers.mlpWidth());
      widths.put("mlp.hook_post", numbers.mlpWidth());
      if (file.tensors().containsKey("blk.0.ffn_gate.weight")) {
        widths.put("mlp.hook_pre_linear", numbers.mlpWidth());
      }
    }
    return widths;
  }
}
