package dev.sonde.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchStreamTest {
  private static final List<Sequence> SEQUENCES = List.of(Sequence.of(1, 2, 3));

  /** A model that is an embedding alone. */
  private static final class EmbeddingPass implements BatchComputation {
    private final Readout readout;
    private boolean done;

    EmbeddingPass(Readout readout) {
      this.readout = readout;
    }

    @Override
    public Readout readout() {
      return readout;
    }

    @Override
    public boolean advance() {
      if (done) {
        return false;
      }
      readout.pass(
          HookPoint.EMBED,
          (rows, how, memory) ->
              new Readout.Values(memory.allocate(ValueLayout.JAVA_FLOAT, rows.size()), 1));
      done = true;
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void aReadOfAPointThatIsNeverPassedIsRefusedAfterThoseThatAre() {
    Read there = Read.of(HookPoint.EMBED, Selector.all());
    Read missing = Read.of(HookPoint.of(0, "attn.hook_rot_q"), Selector.all());
    try (BatchStream stream = stream(there, missing)) {
      assertThat(stream.next()).isTrue();
      assertThatThrownBy(stream::next)
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining("blocks.0.attn.hook_rot_q@all")
          .hasMessageContaining("no such hook point");
    }
  }

  @Test
  void theStreamEndsWhereEverythingWasRead() {
    try (BatchStream stream = stream(Read.of(HookPoint.EMBED, Selector.last()))) {
      assertThat(stream.next()).isTrue();
      assertThat(stream.next()).isFalse();
    }
  }

  private static BatchStream stream(Read... reads) {
    ForwardRequest request = ForwardRequest.of(SEQUENCES).readEach(List.of(reads));
    return new BatchStream(
        PackedBatch.pack(SEQUENCES, 8).iterator(),
        batch -> new EmbeddingPass(new Readout(request, batch)));
  }
}
