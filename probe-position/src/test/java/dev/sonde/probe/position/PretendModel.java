package dev.sonde.probe.position;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Attention;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A model whose numbers are noise that its weights and a sequence decide. */
final class PretendModel implements Model {
  private static final int LAYERS = 2;
  private static final int HEADS = 2;
  private static final int HEAD_WIDTH = 4;

  private final long weights;

  PretendModel(long weights) {
    this.weights = weights;
  }

  @Override
  public ModelInfo info() {
    Attention attention =
        Attention.scaledBy(0.5)
            .rotary(new Attention.Rotary(new float[] {1, 0.01f}, false, 1, Integer.MAX_VALUE));
    Attention window = Attention.scaledBy(0.5).window(5).rotary(attention.rotary().orElseThrow());
    return ModelInfo.of("pretend", String.valueOf(weights))
        .shape(LAYERS, HEADS * HEAD_WIDTH)
        .heads(HEADS, 1, HEAD_WIDTH)
        .vocabulary(1 << Character.SIZE)
        .attention(List.of(attention, window));
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.none()
        .sites(
            Set.of(
                "hook_resid_pre",
                "attn.hook_q_pre_rot",
                "attn.hook_k_pre_rot",
                "attn.hook_v",
                "attn.hook_z",
                "hook_resid_post"))
        .longestContext(16)
        .interventions(Set.of(Intervention.REPLACE))
        .features(
            Set.of(
                Capabilities.POSITIONS,
                Capabilities.SCORES,
                Capabilities.START,
                Capabilities.GRADIENTS,
                Capabilities.DISTANCES,
                Capabilities.ATTENTION_MASK,
                Capabilities.BEYOND_CONTEXT));
  }

  /** Every character is a token. */
  @Override
  public Tokenizer tokenizer() {
    return new Tokenizer() {
      @Override
      public Encoding encode(String text, boolean specialTokens) {
        int[] starts = new int[text.length()];
        Arrays.setAll(starts, i -> i);
        int[] ends = new int[text.length()];
        Arrays.setAll(ends, i -> i + 1);
        return Encoding.of(text.chars().toArray(), starts, ends);
      }

      @Override
      public String decode(int[] ids) {
        return new String(ids, 0, ids.length);
      }

      @Override
      public String token(int id) {
        return Character.toString(id);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    return new ActivationStream() {
      private int next = -1;

      @Override
      public boolean next() {
        return ++next < request.groups().size();
      }

      @Override
      public Batch batch() {
        List<Read> group = request.groups().get(next);
        return Batch.of(next, group.stream().map(read -> made(read, request.sequences())).toList());
      }

      @Override
      public void close() {}
    };
  }

  private Rows made(Read read, List<Sequence> sequences) {
    boolean scores = read.equals(Read.logProbabilities());
    int width = scores ? 1 : width(read.point());
    int[] counts =
        sequences.stream().mapToInt(s -> scores ? s.targets().size() : s.length()).toArray();
    int count = Arrays.stream(counts).sum();
    MemorySegment cells = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, (long) count * width);
    int[] ofSequence = new int[count];
    int[] places = new int[count];
    int row = 0;
    for (int s = 0; s < counts.length; s++) {
      Random noise = new Random(seed(read, sequences.get(s)));
      for (int place = 0; place < counts[s]; place++, row++) {
        ofSequence[row] = s;
        places[row] = place;
        for (int c = 0; c < width; c++) {
          float value = (float) (scores ? -noise.nextDouble() : noise.nextGaussian());
          cells.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * width + c, value);
        }
      }
    }
    return Rows.even(read, width, cells, ofSequence, places);
  }

  private static int width(HookPoint point) {
    boolean ofKeys = point.site().endsWith("k_pre_rot") || point.site().endsWith("hook_v");
    return ofKeys ? HEAD_WIDTH : HEADS * HEAD_WIDTH;
  }

  private long seed(Read read, Sequence sequence) {
    long seed = weights * 31 + Arrays.hashCode(sequence.tokens());
    for (int i = 0; i < sequence.length(); i++) {
      seed = seed * 31 + sequence.position(i);
    }
    for (Intervention change : sequence.interventions()) {
      seed = seed * 31 + Arrays.hashCode(change.values());
    }
    seed = seed * 31 + sequence.start().map(Object::hashCode).orElse(0);
    String where = read.equals(Read.logProbabilities()) ? "" : read.point().name();
    seed = seed * 31 + where.hashCode();
    return seed * 31 + sequence.distances().map(d -> d.kind().hashCode() + d.tokens()).orElse(0);
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    throw new UnsupportedCapabilityException("it does not generate");
  }
}
