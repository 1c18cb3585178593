package dev.sonde.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.backend.llamacpp.LlamaGraph.Entry;
import dev.sonde.backend.llamacpp.LlamaGraph.Source;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LlamaGraphTest {
  private final LlamaGraph graph = new LlamaGraph();
  private long next = 100;

  private Entry node(String name, String operation, Source... sources) {
    Entry entry =
        new Entry(name, name, operation, next++, Arrays.asList(sources), 8, 0, List.of(1f, 0f));
    graph.add(entry);
    return entry;
  }

  private static Source of(Entry entry) {
    return new Source(entry.address(), entry.name());
  }

  private Source weight(String name) {
    return new Source(next++, name);
  }

  @Test
  void nodesWithoutANameAreKnownByTheirDistanceFromTheLastThatHasOne() {
    LlamaGraph.Keys keys = new LlamaGraph.Keys();
    assertThat(List.of("Qcur-0", "node_1", "node_2", "Qcur-0", "node_4").stream().map(keys::next))
        .containsExactly("Qcur-0", "Qcur-0+1", "Qcur-0+2", "Qcur-0#2", "Qcur-0#2+1");
  }

  @Test
  void aProductIsFoundByItsWeightAndCarriesItsBias() {
    Entry in = node("attn_norm-0", "MUL", weight("blk.0.attn_norm.weight"));
    Entry product = node("Qcur-0", "MUL_MAT", weight("blk.0.attn_q.weight"), of(in));
    Entry biased = node("Qcur-0", "ADD", of(product), weight("blk.0.attn_q.bias"));
    assertThat(graph.product("blk.0.attn_q.weight")).contains(product);
    assertThat(graph.biased("blk.0.attn_q.weight")).contains(biased);
    assertThat(graph.biased("blk.0.attn_k.weight")).isEmpty();
  }

  @Test
  void theOriginOfANormedActivationIsTheStreamToWhichSomethingIsAdded() {
    Entry embedded = node("embd", "GET_ROWS", weight("token_embd.weight"));
    Entry scaled = node("inp_scaled", "SCALE", of(embedded));
    Entry norm = node("norm-0", "RMS_NORM", of(scaled));
    Entry gained = node("attn_norm-0", "MUL", of(norm), weight("blk.0.attn_norm.weight"));
    Entry attended = node("node_4", "MUL_MAT", weight("blk.0.attn_output.weight"), of(gained));
    node("ffn_inp-0", "ADD", of(attended), of(scaled));
    assertThat(graph.origin(gained)).isEqualTo(scaled);
  }

  @Test
  void theWayOfASubLayerEndsBeforeItIsAddedToTheStream() {
    Entry stream = node("l_out-0", "ADD");
    Entry product = node("node_1", "MUL_MAT", weight("blk.1.attn_output.weight"), of(stream));
    Entry normed = node("norm-1", "RMS_NORM", of(product));
    Entry gained = node("post-1", "MUL", of(normed), weight("blk.1.post_attention_norm.weight"));
    node("ffn_inp-1", "ADD", of(gained), of(stream));
    assertThat(graph.way(product)).containsExactly(product, normed, gained);
  }

  @Test
  void aCopyOnAnotherDeviceIsKnownByTheNameOfWhatItCopies() {
    assertThat(LlamaGraph.original("Vulkan0#out_ids#0")).isEqualTo("out_ids");
    assertThat(LlamaGraph.original("l_out-3")).isEqualTo("l_out-3");
    assertThat(LlamaGraph.original("l_out-3#2")).isEqualTo("l_out-3#2");
  }
}
