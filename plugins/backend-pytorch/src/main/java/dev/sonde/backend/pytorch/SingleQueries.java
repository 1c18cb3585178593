package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Tokens.Heads;
import dev.sonde.formats.huggingface.AttentionSpec;
import java.util.List;

/**
 * Attention of one new token each of many sequences.
 *
 * @param memory the block that remembers keys and values
 */
record SingleQueries(int memory, AttentionSpec attention) {
  /** Each behind its own keys and values. */
  PtNDArray mix(Torch.Scope inner, Heads part, List<PackedTokens.Run> runs) {
    List<KeyValues> pasts = pasts(runs);
    AttentionSpec.Sight sight = attention.sight();
    return inner.call(
        "attend_singles",
        part.q(),
        part.k(),
        part.v(),
        keys(pasts),
        values(pasts),
        lengths(pasts),
        sight.window(),
        OpenAttention.name(sight),
        attention.scale());
  }

  /** All behind the same first tokens, then each behind its own; none of them slides. */
  PtNDArray mixBehind(Torch.Scope inner, Heads part, KeyValues first, List<PackedTokens.Run> runs) {
    List<KeyValues> pasts = pasts(runs);
    return inner.call(
        "attend_behind",
        part.q(),
        part.k(),
        part.v(),
        first.keys(memory),
        first.values(memory),
        first.length(),
        keys(pasts),
        values(pasts),
        lengths(pasts),
        attention.scale());
  }

  private static List<KeyValues> pasts(List<PackedTokens.Run> runs) {
    return runs.stream().map(run -> run.past().orElseThrow()).toList();
  }

  private PtNDArray[] keys(List<KeyValues> pasts) {
    return pasts.stream().map(past -> past.keys(memory)).toArray(PtNDArray[]::new);
  }

  private PtNDArray[] values(List<KeyValues> pasts) {
    return pasts.stream().map(past -> past.values(memory)).toArray(PtNDArray[]::new);
  }

  private static long[] lengths(List<KeyValues> pasts) {
    return pasts.stream().mapToLong(KeyValues::length).toArray();
  }
}
