package dev.sonde.probe.position.read;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Attention;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Whether logits of a model are a function of distance, query and key, and what to say of it. */
public final class Applicability {
  private Applicability() {}

  /**
   * Refuses a model whose logits cannot be computed from queries and keys before rotation.
   *
   * @param window tokens of a text
   * @throws InvalidInputException naming what stands against it, and what to do
   */
  public static void check(Model model, int window) {
    List<Attention> blocks = model.info().attention();
    if (blocks.isEmpty()) {
      throw new UnsupportedCapabilityException(
          "the backend does not say how %s makes attention scores (scale, rotary frequencies, window), so w(d, q, k) cannot be computed; use the backend pytorch or reference"
              .formatted(model.info().architecture()));
    }
    for (String site : List.of(HeadStream.QUERIES, HeadStream.KEYS)) {
      if (!model.capabilities().supports(HookPoint.of(0, site))) {
        throw new UnsupportedCapabilityException(
            "%s has no %s: its keys are not there head by head before rotation (as in latent attention), so w(d, q, k) does not exist for it"
                .formatted(model.info().architecture(), site));
      }
    }
    if (blocks.stream().anyMatch(Attention::sinks)) {
      throw new UnsupportedCapabilityException(
          "%s has attention sinks: each head has a logit of its own in the softmax, which distance and key do not make, and row constants no longer cancel; position is not measured there"
              .formatted(model.info().architecture()));
    }
    int longest =
        blocks.stream()
            .flatMap(block -> block.rotary().stream())
            .mapToInt(Attention.Rotary::upTo)
            .min()
            .orElse(Integer.MAX_VALUE);
    int context = Math.min(longest, model.capabilities().longestContext());
    if (window > context) {
      throw new InvalidInputException(
          "window %d: the model's rotary frequencies hold up to %d tokens; set a smaller 'window' (probes.NAME.with.window)"
              .formatted(window, context));
    }
  }

  /** What was computed otherwise or left out, and why; one sentence each. */
  public static List<String> remarks(Model model, int window) {
    List<Attention> blocks = model.info().attention();
    List<String> remarks = new ArrayList<>();
    List<Integer> still = blocks(blocks, block -> block.rotary().isEmpty());
    boolean learned = model.capabilities().supports(HookPoint.POSITION_EMBED);
    if (!still.isEmpty()) {
      remarks.add(
          "%s: queries and keys do not turn with distance (%s), so there is no w(d, q, k): E1 and E2 are computed of the logits that are there, E3, E4 and the bound are refused."
              .formatted(
                  named(still, blocks.size()),
                  learned ? "positions are learned and in the residual stream" : "no positions"));
    }
    int width = model.info().headWidth();
    if (blocks.stream().anyMatch(b -> b.rotary().filter(r -> r.width() < width).isPresent())) {
      remarks.add(
          "Only some numbers of a head turn (partial rotary): the others are taken as planes that stand still.");
    }
    if (blocks.stream().anyMatch(block -> block.softCap() > 0)) {
      remarks.add(
          "Scores are softly capped: r and R² are of logits before the cap, KL is after it.");
    }
    List<Integer> narrow = blocks(blocks, block -> block.window() > 0 && block.window() < window);
    if (!narrow.isEmpty()) {
      remarks.add(
          "%s: a query sees a sliding window of keys; only those cells are looked at."
              .formatted(named(narrow, blocks.size())));
    }
    return remarks;
  }

  private static List<Integer> blocks(List<Attention> blocks, Predicate<Attention> which) {
    return IntStream.range(0, blocks.size())
        .filter(layer -> which.test(blocks.get(layer)))
        .boxed()
        .toList();
  }

  private static String named(List<Integer> some, int all) {
    return some.size() == all
        ? "All blocks"
        : "Blocks " + String.join(", ", some.stream().map(String::valueOf).toList());
  }
}
