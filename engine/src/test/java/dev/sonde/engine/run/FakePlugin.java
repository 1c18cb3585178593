package dev.sonde.engine.run;

import dev.sonde.api.Plugin;
import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.report.Metric;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.engine.plugin.Activity;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.PluginOutcome;
import dev.sonde.engine.plugin.PluginRegistry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A plugin in the test's own layer: a backend of two blocks, words as tokens, some probes. */
final class FakePlugin implements Plugin {
  private static final int WIDTH = 4;

  /** Stands before texts that bring no special tokens themselves. */
  static final int BOS = 1;

  private final Probe custom;
  private final List<Read> computed = new ArrayList<>();
  private final List<Integer> generated = new ArrayList<>();
  private long heapBytes;

  /** A plugin whose probe {@code custom} does the given work. */
  FakePlugin(Consumer<ProbeContext> work) {
    this((Probe) new Custom(work));
  }

  private FakePlugin(Probe custom) {
    this.custom = custom;
  }

  /** A plugin whose probe {@code custom} is the given one. */
  static FakePlugin with(Probe custom) {
    return new FakePlugin(custom);
  }

  /** The same with a model that takes some memory of the heap. */
  FakePlugin taking(long bytes) {
    heapBytes = bytes;
    return this;
  }

  PluginRegistry registry() {
    LoadedPlugin loaded =
        new LoadedPlugin(
            this,
            Path.of("plugins", "fake"),
            ModuleLayer.boot(),
            "1",
            "bundled",
            Optional.empty(),
            List.of(),
            new Activity());
    return new PluginRegistry(List.of(new PluginOutcome.Loaded(loaded)));
  }

  /** What the backend was asked to compute. */
  List<Read> computed() {
    return computed;
  }

  /** How many tokens each request made the backend generate. */
  List<Integer> generated() {
    return generated;
  }

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public List<ModelBackendFactory> backends() {
    return List.of(new Backends());
  }

  @Override
  public List<TokenizerFactory> tokenizers() {
    return List.of(new Words());
  }

  @Override
  public List<ProbeFactory> probes() {
    return List.of(
        new Probes("evaluating", new Evaluating(List.of("means"))),
        new Probes("evaluating_both", new Evaluating(List.of("means", "broken"))),
        new Probes("evaluating_nearest", new Evaluating(List.of("means", "nearest"))),
        new Probes("custom", custom),
        new Unmade());
  }

  @Override
  public List<DecoderFactory> decoders() {
    return List.of(new Decoders(), new BrokenDecoders(), new NearestDecoders());
  }

  /** Gives NaN in the place of scores, or of a bias where its setting says so. */
  private static final class BrokenDecoders implements DecoderFactory {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public String summary() {
      return "no numbers";
    }

    @Override
    public Settings settings() {
      return Settings.none()
          .flag("linear", false, "whether it is linear")
          .integer("fits", 0, "fits that go well; 0 for none that gives numbers")
          .flag("exchanged", false, "whether it throws where many labelings are to be fitted");
    }

    @Override
    public Decoder create(Config config) {
      if (config.integer("fits") > 0 || config.flag("exchanged")) {
        return new Throwing(config.integer("fits"), config.flag("exchanged"));
      }
      boolean linear = config.flag("linear");
      return (train, targets) -> {
        if (linear) {
          return Scorer.linear(new double[train.columns()], Double.NaN);
        }
        return rows -> {
          double[] scores = new double[rows.rows()];
          Arrays.fill(scores, Double.NaN);
          return scores;
        };
      };
    }
  }

  /** Fits well for a while. */
  private static final class Throwing implements Decoder {
    private final Decoder means = new Means();
    private final int fits;
    private final boolean exchanged;
    private int done;

    Throwing(int fits, boolean exchanged) {
      this.fits = fits;
      this.exchanged = exchanged;
    }

    @Override
    public boolean closedForm() {
      return true;
    }

    @Override
    public List<Scorer> fitAll(Design train, List<Targets> many) {
      if (exchanged ? many.size() > 1 : done++ == fits) {
        throw new IllegalStateException("worn out");
      }
      return means.fitAll(train, many);
    }

    @Override
    public Scorer fit(Design train, Targets targets) {
      return means.fit(train, targets);
    }
  }

  private final class Backends implements ModelBackendFactory {
    @Override
    public String name() {
      return "fake";
    }

    @Override
    public String summary() {
      return "two blocks";
    }

    @Override
    public LanguageModel open(ModelSource source) {
      return new Backend(source.path(), source.dtype());
    }
  }

  /** Rows tell the last token, scaled by the block; in bfloat16 a little more of it. */
  private final class Backend implements LanguageModel {
    private final Path tokenizer;
    private final String dtype;

    Backend(Path folder, String dtype) {
      this.dtype = dtype;
      this.tokenizer = folder.resolve("words");
    }

    @Override
    public ModelInfo info() {
      return ModelInfo.of("fake", "0".repeat(64))
          .shape(2, WIDTH)
          .vocabulary(1 << 16)
          .dtype(dtype)
          .blockParameters(1_000)
          .memory(heapBytes, 0)
          .tokenizer(new TokenizerSource("words", tokenizer));
    }

    @Override
    public Capabilities capabilities() {
      return Capabilities.none()
          .sites(Set.of("hook_embed", "hook_resid_post", HookPoint.SCORES, "log_prob"))
          .longestContext(20)
          .generating()
          .features(Set.of(Capabilities.STEPS))
          .interventions(Set.of(Intervention.ADD));
    }

    @Override
    public ActivationStream forward(ForwardRequest request) {
      List<List<Read>> groups = new ArrayList<>(request.groups());
      return new ActivationStream() {
        private int group = -1;

        @Override
        public boolean next() {
          group++;
          return group < groups.size();
        }

        @Override
        public Batch batch() {
          Read read = groups.get(group).getFirst();
          computed.add(read);
          return Batch.of(group, List.of(cells(read, request.sequences())));
        }

        @Override
        public void close() {}
      };
    }

    private Rows cells(Read read, List<Sequence> sequences) {
      MemorySegment cells = Arena.ofAuto().allocate(4L * WIDTH * sequences.size(), 4);
      int[] order = IntStream.range(0, sequences.size()).toArray();
      for (int row : order) {
        Sequence sequence = sequences.get(row);
        for (int c = 0; c < WIDTH; c++) {
          int token = sequence.token(Math.max(0, sequence.length() - 1 - c));
          float value = read.point().equals(HookPoint.EMBED) ? 1 : token % 7;
          value *= dtype.equals("bfloat16") ? 1.01f : 1;
          cells.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * WIDTH + c, value);
        }
      }
      return Rows.even(read, WIDTH, cells, order, new int[order.length]);
    }

    /**
     * Each token is the number of those before it, and 100 more where something is added to the
     * states; the state that it is predicted from tells that number.
     */
    @Override
    public GenerationStream generate(GenerateRequest request) {
      Sequence sequence = request.sequences().getFirst();
      int[] tokens = new int[sequence.maxNewTokens()];
      List<float[]> rows = new ArrayList<>();
      for (int i = 0; i < tokens.length; i++) {
        int before = sequence.length() + i;
        tokens[i] = before + (sequence.interventions().isEmpty() ? 0 : 100);
        float[] row = new float[WIDTH];
        Arrays.fill(row, before);
        rows.add(row);
      }
      generated.add(tokens.length);
      GenerationStream.Generation all =
          GenerationStream.Generation.of(0, 0, tokens, new double[tokens.length])
              .with(Map.of(request.points().getFirst(), rows));
      return new GenerationStream() {
        private boolean given;

        @Override
        public boolean next() {
          boolean first = !given;
          given = true;
          return first;
        }

        @Override
        public Generation generation() {
          return all;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }

  private static final class Words implements TokenizerFactory {
    @Override
    public String name() {
      return "words";
    }

    @Override
    public String summary() {
      return "the hash of each word";
    }

    @Override
    public boolean opens(TokenizerSource source) {
      return source.format().equals("words");
    }

    @Override
    public Tokenizer open(TokenizerSource source, Resources resources) {
      return new Tokenizer() {
        @Override
        public Encoding encode(String text, boolean specialTokens) {
          int[] words =
              Arrays.stream(text.split(" ")).mapToInt(w -> w.hashCode() & 0xFFFF).toArray();
          int[] ids =
              specialTokens
                  ? IntStream.concat(IntStream.of(BOS), Arrays.stream(words)).toArray()
                  : words;
          return Encoding.of(ids, new int[ids.length], new int[ids.length]);
        }

        @Override
        public String decode(int[] ids) {
          return "";
        }

        @Override
        public String token(int id) {
          return "<" + id + ">";
        }

        @Override
        public Optional<String> chatTemplate() {
          return Optional.of("role content");
        }

        @Override
        public String render(List<Message> messages, boolean addGenerationPrompt) {
          return messages.stream()
                  .map(message -> message.role() + " " + message.content().orElseThrow())
                  .collect(Collectors.joining(" "))
              + (addGenerationPrompt ? " assistant" : "");
        }

        @Override
        public void close() {}
      };
    }
  }

  private record Probes(String name, Probe probe) implements ProbeFactory {
    @Override
    public String summary() {
      return name;
    }

    @Override
    public Probe create(Config config) {
      return probe;
    }
  }

  /** Cannot be made. */
  private static final class Unmade implements ProbeFactory {
    @Override
    public String name() {
      return "unmade";
    }

    @Override
    public String summary() {
      return "cannot be made";
    }

    @Override
    public Probe create(Config config) {
      throw new IllegalStateException("no luck");
    }
  }

  private record Evaluating(CaptureRequest spec) implements Probe {
    Evaluating(List<String> decoders) {
      this(CaptureRequest.of(List.of("blocks.*.hook_resid_post"), "last").decodedBy(decoders));
    }

    @Override
    public Needs needs(Inputs inputs) {
      return Needs.none().evaluate(spec);
    }

    @Override
    public void run(ProbeContext context) {
      context.evaluate(spec);
      context.report().metric(Metric.of("seen", context.study().size()).unit("rows"));
      context.saveTensors(
          "ones", Map.of("a", Matrix.of(Matrix.Type.FLOAT32, new double[][] {{1, 2}})), Map.of());
    }
  }

  private record Custom(Consumer<ProbeContext> work) implements Probe {
    @Override
    public Needs needs(Inputs inputs) {
      return Needs.none();
    }

    @Override
    public void run(ProbeContext context) {
      work.accept(context);
    }
  }

  private static final class Decoders implements DecoderFactory {
    @Override
    public String name() {
      return "means";
    }

    @Override
    public String summary() {
      return "difference of means";
    }

    @Override
    public Decoder create(Config config) {
      return new Means();
    }
  }

  private static final class Means implements Decoder {
    @Override
    public boolean closedForm() {
      return true;
    }

    @Override
    public Scorer fit(Design train, Targets targets) {
      Matrix signs = Matrix.zeros(Matrix.Type.FLOAT32, train.rows(), 1);
      for (int row = 0; row < train.rows(); row++) {
        signs.set(
            row,
            0,
            targets.positive(row)
                ? 1.0 / targets.positives()
                : -1.0 / (targets.size() - targets.positives()));
      }
      Matrix weights = train.transposeTimes(signs);
      double[] column = new double[weights.rows()];
      for (int c = 0; c < column.length; c++) {
        column[c] = weights.get(c, 0);
      }
      return Scorer.linear(column, 0);
    }
  }

  /** Not linear: how much nearer a row is to the mean of the positive rows than to the others'. */
  private static final class NearestDecoders implements DecoderFactory {
    @Override
    public String name() {
      return "nearest";
    }

    @Override
    public String summary() {
      return "the nearer mean";
    }

    @Override
    public Decoder create(Config config) {
      return new NearestMean();
    }
  }

  private static final class NearestMean implements Decoder {
    @Override
    public boolean closedForm() {
      return true;
    }

    @Override
    public Scorer fit(Design train, Targets targets) {
      double[][] means = new double[2][train.columns()];
      double[] row = new double[train.columns()];
      for (int r = 0; r < train.rows(); r++) {
        train.copyRow(r, row);
        boolean positive = targets.positive(r);
        int count = positive ? targets.positives() : targets.size() - targets.positives();
        for (int c = 0; c < row.length; c++) {
          means[positive ? 1 : 0][c] += row[c] / count;
        }
      }
      return scorer(Matrix.of(Matrix.Type.FLOAT64, means));
    }

    @Override
    public Scorer restored(ScorerForm form) {
      return scorer(form.tensor("means"));
    }

    private static Scorer scorer(Matrix means) {
      return new Scorer() {
        @Override
        public double[] score(Design rows) {
          double[] scores = new double[rows.rows()];
          double[] row = new double[rows.columns()];
          for (int r = 0; r < scores.length; r++) {
            rows.copyRow(r, row);
            scores[r] = distance(row, means.row(0)) - distance(row, means.row(1));
          }
          return scores;
        }

        @Override
        public Optional<ScorerForm> form() {
          return Optional.of(ScorerForm.of("means").tensor("means", means));
        }
      };
    }

    private static double distance(double[] a, double[] b) {
      return Math.sqrt(
          IntStream.range(0, a.length).mapToDouble(c -> (a[c] - b[c]) * (a[c] - b[c])).sum());
    }
  }
}
