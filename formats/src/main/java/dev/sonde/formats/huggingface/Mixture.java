package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.ExpertsSpec.Layout;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import java.util.List;
import java.util.stream.Stream;

/** Experts as a family has them in some of its blocks. */
final class Mixture {
  private static final int MOST = 1 << 20;

  private final int count;
  private final int width;
  private final Router router;
  private Layout layout = Layout.OUT_IN;
  private int shared;

  /**
   * Experts.
   *
   * @param count number of experts
   * @param width inner width of each
   */
  Mixture(Fields config, int count, int width, Router router) {
    if (router.chosen() > count) {
      throw config.problem(
          "num_experts_per_tok", "sends a token to more experts than there are: " + count);
    }
    if (router.groups() < 1 || count % router.groups() != 0) {
      throw config.problem("n_group", "does not divide %d experts".formatted(count));
    }
    this.count = count;
    this.width = width;
    this.router = router;
  }

  Mixture layout(Layout stored) {
    layout = stored;
    return this;
  }

  /** With an expert for all tokens. */
  Mixture shared(int inner) {
    shared = inner;
    return this;
  }

  /**
   * In a block, under a module that has a router and {@code experts}.
   *
   * @param stored names of that module in files
   */
  BlockBuilder in(BlockBuilder block, String module, String routerName, String... stored) {
    return in(
        block, new String[] {"gate_proj", "up_proj", "down_proj"}, module, routerName, stored);
  }

  /** The same where files call an expert's linears otherwise: gate, up, down. */
  BlockBuilder in(
      BlockBuilder block, String[] linears, String module, String routerName, String... stored) {
    block
        .experts(new ExpertsSpec(block.activation(), width, count, router, layout, shared, 0, 0))
        .name(Part.ROUTER, module + "." + routerName, behind("." + routerName, stored))
        .name(
            Part.EXPERTS_GATE_UP,
            module + ".experts.gate_up_proj",
            behind(".experts.gate_up_proj", stored))
        .name(
            Part.EXPERTS_DOWN, module + ".experts.down_proj", behind(".experts.down_proj", stored));
    return expert(block, Part.EXPERT_GATE, linears[0], module, stored)
        .name(Part.EXPERT_UP, one(module, linears[1]), behindOne(linears[1], stored))
        .name(Part.EXPERT_DOWN, one(module, linears[2]), behindOne(linears[2], stored));
  }

  private static BlockBuilder expert(
      BlockBuilder block, Part part, String linear, String module, String... stored) {
    return block.name(part, one(module, linear), behindOne(linear, stored));
  }

  private static String one(String module, String linear) {
    return module + ".experts.{expert}." + linear;
  }

  private static String[] behindOne(String linear, String... stored) {
    return behind(".experts.{expert}." + linear, stored);
  }

  private static String[] behind(String name, String... stored) {
    return Stream.of(stored).map(module -> module + name).toArray(String[]::new);
  }

  /** The expert for all tokens, as a module of its own. */
  BlockBuilder sharedIn(BlockBuilder block, String module) {
    if (shared == 0) {
      return block;
    }
    return block
        .name(Part.SHARED_GATE, module + ".gate_proj")
        .name(Part.SHARED_UP, module + ".up_proj")
        .name(Part.SHARED_DOWN, module + ".down_proj");
  }

  /** How many experts there are, by whichever of its names the file has the number. */
  static int count(Fields config, int absent) {
    for (String name : List.of("num_experts", "num_local_experts", "n_routed_experts")) {
      if (config.has(name)) {
        return config.size(name, MOST);
      }
    }
    return absent;
  }
}
