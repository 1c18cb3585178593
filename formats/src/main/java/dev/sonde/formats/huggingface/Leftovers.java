package dev.sonde.formats.huggingface;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The tensors of a model's files that no part of its decoder takes. */
final class Leftovers {
  private static final List<String> SUFFIXES =
      List.of("", ".weight", ".bias", "_bias", "_blocks", "_scales");

  /**
   * Buffers that hold what is computed anyway, other heads, and parts for images and sound, or for
   * drafting tokens.
   */
  private static final Pattern KNOWN =
      Pattern.compile(
          ".*(?:rotary_emb|rope|rotary_pos_emb)\\..*|.*\\.attn(?:\\.attention)?\\.(?:bias|masked_bias)"
              + "|.*attention\\.(?:bias|masked_bias)|.*act_fn\\.(?:beta|eps)"
              + "|.*self_attention\\.maskbuffer.*|score\\..*|v_head\\..*|classifier\\..*|qa_outputs\\..*"
              + "|(?:.*\\.)?(?:vision|visual|vpm|resampler|audio|multi_modal|mm_|mtp|connector|image_newline|"
              + "embed_vision|embed_audio|mlp1|img_projector|aligner|vision_tower|embedder).*"
              + "|.*_extra_state|.*\\.(?:k_scale|v_scale|kv_scale|input_scale)|lm_head\\..*|embed_out\\..*");

  private static final Pattern OF_KEYS =
      Pattern.compile(".*\\.self_attn\\.(?:k_proj|v_proj|k_norm|v_norm)\\..*");

  private static final Pattern IN_BLOCK = Pattern.compile("(.*?\\D)(\\d+)\\.(.+)");

  private Leftovers() {}

  /** What is to be said of them; nothing where every tensor is known. */
  static List<String> remarks(DecoderSpec spec, StoredWeights stored, int drafting) {
    Set<String> known = known(spec);
    Set<String> unknown = new TreeSet<>();
    Set<Integer> beyond = new TreeSet<>();
    for (String name : stored.tensors().keySet()) {
      if (!known.contains(name)) {
        int block = block(spec, name);
        if (block >= spec.layers()) {
          beyond.add(block);
        } else if (!KNOWN.matcher(name).matches() && !isLent(spec, block, name)) {
          unknown.add(name);
        }
      }
    }
    IntStream.range(0, drafting).forEach(i -> beyond.remove(spec.layers() + i));
    List<String> remarks = new ArrayList<>();
    if (!beyond.isEmpty()) {
      remarks.add(
          "%s: num_hidden_layers in config.json is %d, the weights have %d blocks; block %s is left out"
              .formatted(
                  stored.folder(),
                  spec.layers(),
                  spec.layers() + beyond.size(),
                  beyond.size() == 1
                      ? beyond.iterator().next()
                      : spec.layers() + " and what follows"));
    }
    if (!unknown.isEmpty()) {
      remarks.add(
          "%s: %d tensors are of no part of a %s and are left out, such as '%s'"
              .formatted(
                  stored.folder(), unknown.size(), spec.architecture(), unknown.iterator().next()));
    }
    return remarks;
  }

  /** Whether a tensor makes keys or values in a block that takes those of another. */
  private static boolean isLent(DecoderSpec spec, int block, String name) {
    return block >= 0
        && spec.attention(block).flatMap(AttentionSpec::keysOf).isPresent()
        && OF_KEYS.matcher(name).matches();
  }

  private static Set<String> known(DecoderSpec spec) {
    Set<String> known = new HashSet<>();
    spec.names().values().forEach(name -> add(known, name));
    spec.altUp()
        .ifPresent(
            altUp -> {
              for (Part part : List.of(Part.ALTUP_IN, Part.ALTUP_OUT)) {
                IntStream.range(0, altUp.streams() - 1)
                    .forEach(i -> add(known, spec.name(part).with("{stream}", i)));
              }
            });
    for (int layer = 0; layer < spec.layers(); layer++) {
      Map<Part, ModuleNames> names = spec.block(layer).names();
      for (ModuleNames each : names.values()) {
        ModuleNames name = each.inBlock(layer);
        if (name.path().contains("{expert}")) {
          int count = spec.block(layer).experts().orElseThrow().experts();
          for (int expert = 0; expert < count; expert++) {
            String number = Integer.toString(expert);
            name.all().map(n -> n.replace("{expert}", number)).forEach(n -> addName(known, n));
          }
        } else {
          add(known, name);
        }
      }
    }
    return known;
  }

  private static void add(Set<String> known, ModuleNames name) {
    name.all().forEach(each -> addName(known, each));
  }

  private static void addName(Set<String> known, String name) {
    for (String suffix : SUFFIXES) {
      known.add(name + suffix);
      known.add(name.substring(name.indexOf('.') + 1) + suffix);
    }
  }

  /** The block that a tensor's name has, where it begins as those of the blocks do; else −1. */
  private static int block(DecoderSpec spec, String name) {
    Matcher matcher = IN_BLOCK.matcher(name);
    if (!matcher.matches() || matcher.group(2).length() > 6) {
      return -1;
    }
    String prefix = matcher.group(1);
    boolean ofBlocks =
        spec.block(0).names().values().stream()
            .flatMap(ModuleNames::all)
            .map(path -> path.substring(0, Math.max(0, path.indexOf("%d"))))
            .anyMatch(own -> own.equals(prefix) || own.endsWith("." + prefix));
    return ofBlocks ? Integer.parseInt(matcher.group(2)) : -1;
  }
}
