package dev.sonde.testkit;

import dev.sonde.api.Resources;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model of letters: whatever is read of a text is one row, the sum of its letters and their
 * number.
 */
record LetterModel(boolean fresh) implements LanguageModel {
  private static final int WIDTH = 2;

  /** Opens it, whatever the path. */
  static final class Factory implements ModelBackendFactory {
    @Override
    public String name() {
      return "letters";
    }

    @Override
    public String summary() {
      return "sums of letters";
    }

    @Override
    public LanguageModel open(ModelSource source) {
      return new LetterModel(source.freshSeed().isPresent());
    }
  }

  @Override
  public ModelInfo info() {
    return ModelInfo.of("letters", "1".repeat(64))
        .shape(2, WIDTH)
        .vocabulary(1 << 16)
        .widths(Map.of(HookPoint.RESID_POST, WIDTH))
        .tokenizer(new TokenizerSource("letters", Path.of("letters")));
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.none().generating();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    return new Stream(request);
  }

  /** One batch a group. */
  private final class Stream implements ActivationStream {
    private final ForwardRequest request;
    private Arena memory = Arena.ofConfined();
    private int group = -1;

    Stream(ForwardRequest request) {
      this.request = request;
    }

    @Override
    public boolean next() {
      memory.close();
      memory = Arena.ofConfined();
      group++;
      return group < request.groups().size();
    }

    @Override
    public Batch batch() {
      return Batch.of(group, request.groups().get(group).stream().map(this::rows).toList());
    }

    private Rows rows(Read read) {
      int count = request.sequences().size();
      MemorySegment cells = memory.allocate(ValueLayout.JAVA_FLOAT, (long) count * WIDTH);
      for (int i = 0; i < count; i++) {
        Sequence sequence = request.sequences().get(i);
        int sum = IntStream.of(sequence.tokens()).sum() + (fresh ? 1 : 0);
        cells.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * WIDTH, sum);
        cells.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * WIDTH + 1, sequence.length());
      }
      int[] sequences = IntStream.range(0, count).toArray();
      Rows rows = Rows.even(read, WIDTH, cells, sequences, new int[count]);
      return read.isGradient() ? rows.ofObjectives(new int[count]) : rows;
    }

    @Override
    public void close() {
      if (memory.scope().isAlive()) {
        memory.close();
      }
    }
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    List<GenerationStream.Generation> written = new ArrayList<>();
    for (int i = 0; i < request.sequences().size(); i++) {
      int last = request.sequences().get(i).token(request.sequences().get(i).length() - 1);
      written.add(GenerationStream.Generation.of(i, 0, new int[] {last}, new double[] {-1}));
    }
    return new GenerationStream() {
      private int next = -1;

      @Override
      public boolean next() {
        return ++next < written.size();
      }

      @Override
      public Generation generation() {
        return written.get(next);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}

  /** Letters as tokens. */
  static final class Letters implements TokenizerFactory, Tokenizer {
    @Override
    public String name() {
      return "letters";
    }

    @Override
    public String summary() {
      return "letters as tokens";
    }

    @Override
    public boolean opens(TokenizerSource source) {
      return true;
    }

    @Override
    public Tokenizer open(TokenizerSource source, Resources resources) {
      return this;
    }

    @Override
    public Encoding encode(String text, boolean specialTokens) {
      int[] starts = IntStream.range(0, text.length()).toArray();
      int[] ends = IntStream.rangeClosed(1, text.length()).toArray();
      return Encoding.of(text.chars().toArray(), starts, ends);
    }

    @Override
    public String decode(int[] ids) {
      StringBuilder text = new StringBuilder();
      IntStream.of(ids).forEach(text::appendCodePoint);
      return text.toString();
    }

    @Override
    public String token(int id) {
      return Character.toString(id);
    }

    @Override
    public void close() {}
  }
}
