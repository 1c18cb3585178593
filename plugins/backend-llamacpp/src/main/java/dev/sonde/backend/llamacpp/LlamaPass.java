package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.Sequence;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.RowSelection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One packed batch, sequence after sequence in one room: each has the arithmetic that it would have
 * alone. What a sequence shares with the one before, and nobody reads, is not run again.
 */
final class LlamaPass {
  /** A beginning shorter than this is run again. */
  private static final int WORTH_KEEPING = 16;

  private final OpenLlama open;
  private final ForwardRequest request;
  private final Readout readout;
  private final Kept kept;

  /** The tokens whose keys and values the room holds, for one request. */
  static final class Kept {
    private int[] tokens = {};

    /** How many first tokens are those of another sequence. */
    int shared(Sequence sequence) {
      int mismatch = Arrays.mismatch(tokens, sequence.tokens());
      return mismatch < 0 ? tokens.length : mismatch;
    }
  }

  LlamaPass(OpenLlama open, ForwardRequest request, Readout readout, Kept kept) {
    this.open = open;
    this.request = request;
    this.readout = readout;
    this.kept = kept;
  }

  /** Runs the batch and offers every hook point that is wanted. */
  void run() {
    PackedBatch batch = readout.batch();
    RowStore store = new RowStore(request, batch, open.sites().layers());
    for (int place = 0; place < batch.size(); place++) {
      store.sequence(place);
      run(batch.sequence(place), store);
    }
    store.pass(readout);
  }

  private void run(Sequence sequence, RowStore store) {
    LlamaContext context = open.room();
    if (!open.takeRoom(kept)) {
      kept.tokens = new int[0]; // another request was there
    }
    Edits edits = new Edits(sequence);
    int from = edits.isPlain() ? begin(context, sequence) : 0;
    if (from == 0) {
      context.clear();
    }
    int[] tokens = sequence.tokens();
    Optional<float[]> vector = open.vectors().of(List.of(edits), store.points(), open);
    context.steer(vector.orElse(new float[0]), open.vectors().width());
    Edits written = vector.isPresent() ? edits.nothing() : edits;
    for (int at = from; at < tokens.length; ) {
      int to = Math.min(tokens.length, at + context.shape().batch());
      feed(context, written, store, at, Arrays.copyOfRange(tokens, at, to));
      at = to;
    }
    kept.tokens = edits.isPlain() ? tokens : new int[0];
  }

  /** Cuts the room to what it shares with a sequence; gives how many tokens that is. */
  private int begin(LlamaContext context, Sequence sequence) {
    int unread = RowSelection.unread(request, sequence);
    int shared = Math.min(Math.min(kept.shared(sequence), unread), sequence.length() - 1);
    return shared >= WORTH_KEEPING && context.cut(0, shared) ? shared : 0;
  }

  private void feed(LlamaContext context, Edits edits, RowStore store, int position, int[] tokens) {
    boolean[] outputs = new boolean[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      outputs[i] = store.needsOutput(position + i);
    }
    LlamaContext.Part part = new LlamaContext.Part(0, position, tokens, outputs);
    NodeTap tap =
        new NodeTap(
            open.library(),
            open.sites(),
            List.of(new NodeTap.Fed(part, edits)),
            store,
            store.needsLogits());
    context.decode(List.of(part), tap);
    for (int i = 0; i < tokens.length; i++) {
      if (store.needsLogits(position + i)) {
        store.logits(position + i, context.logits(i, open.vocabulary()));
      }
    }
  }
}
