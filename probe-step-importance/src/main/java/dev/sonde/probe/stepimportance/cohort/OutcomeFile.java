package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The outcomes of a cohort as bytes, so that a resumed run need not search again. */
final class OutcomeFile {
  private OutcomeFile() {}

  static byte[] write(List<RowOutcome> outcomes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(outcomes.size());
      for (RowOutcome outcome : outcomes) {
        write(out, outcome);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, RowOutcome outcome) throws IOException {
    out.writeInt(outcome.row());
    text(out, outcome.found().reason().map(SkipReason::name).orElse(""));
    text(out, outcome.answer());
    Optional<SearchResult> found = outcome.found().value();
    out.writeBoolean(found.isPresent());
    if (found.isPresent()) {
      SearchResult result = found.get();
      write(out, result.chain());
      write(out, result.remaining());
      write(out, result.prefix());
      out.writeInt(result.tests());
      out.writeInt(result.cores().size());
      for (SearchResult.Core core : result.cores()) {
        write(out, core);
      }
    }
  }

  private static void write(DataOutputStream out, Chain chain) throws IOException {
    text(out, chain.id());
    text(out, chain.group());
    text(out, chain.prompt());
    out.writeInt(chain.promptTokens());
    ints(out, chain.tokens());
    out.writeInt(chain.size());
    for (Step step : chain.steps()) {
      text(out, step.text());
      out.writeInt(step.fromToken());
      out.writeInt(step.toToken());
    }
  }

  private static void write(DataOutputStream out, Mask mask) throws IOException {
    ints(out, mask.steps());
  }

  private static void write(DataOutputStream out, SearchResult.Core core) throws IOException {
    text(out, core.variant().name());
    out.writeDouble(core.theta());
    write(out, core.start());
    write(out, core.core());
    out.writeInt(core.tested().right());
    out.writeInt(core.tested().samples());
    out.writeDouble(core.tested().attainability());
    out.writeBoolean(core.influence().isPresent());
    if (core.influence().isPresent()) {
      InfluenceMatrix influence = core.influence().get();
      ints(out, influence.steps());
      for (double[] row : influence.cells()) {
        for (double cell : row) {
          out.writeDouble(cell);
        }
      }
    }
  }

  private static void ints(DataOutputStream out, int[] values) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static List<RowOutcome> read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      List<RowOutcome> outcomes = new ArrayList<>();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        outcomes.add(outcome(in));
      }
      return outcomes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RowOutcome outcome(DataInputStream in) throws IOException {
    int row = in.readInt();
    String reason = text(in);
    String answer = text(in);
    OrSkipped<SearchResult> found =
        in.readBoolean() ? OrSkipped.of(result(in)) : OrSkipped.skipped(SkipReason.valueOf(reason));
    return new RowOutcome(row, found, answer);
  }

  private static SearchResult result(DataInputStream in) throws IOException {
    Chain chain = chain(in);
    Mask remaining = mask(in);
    Mask prefix = mask(in);
    int tests = in.readInt();
    List<SearchResult.Core> cores = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      cores.add(core(in));
    }
    return new SearchResult(chain, remaining, prefix, cores, tests);
  }

  private static Chain chain(DataInputStream in) throws IOException {
    String id = text(in);
    String group = text(in);
    String prompt = text(in);
    int promptTokens = in.readInt();
    int[] tokens = ints(in);
    List<Step> steps = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      steps.add(new Step(text(in), in.readInt(), in.readInt()));
    }
    return new Chain(id, group, prompt, promptTokens, tokens, steps);
  }

  private static Mask mask(DataInputStream in) throws IOException {
    return Mask.of(ints(in));
  }

  private static SearchResult.Core core(DataInputStream in) throws IOException {
    SearchVariant variant = SearchVariant.valueOf(text(in));
    double theta = in.readDouble();
    Mask start = mask(in);
    Mask core = mask(in);
    TestResult verdict = new TestResult(in.readInt(), in.readInt(), in.readDouble());
    Optional<InfluenceMatrix> influence = Optional.empty();
    if (in.readBoolean()) {
      int[] steps = ints(in);
      double[][] cells = new double[steps.length][steps.length];
      for (double[] row : cells) {
        for (int c = 0; c < row.length; c++) {
          row[c] = in.readDouble();
        }
      }
      influence = Optional.of(new InfluenceMatrix(cells, steps));
    }
    return new SearchResult.Core(variant, theta, start, core, verdict, influence);
  }

  private static int[] ints(DataInputStream in) throws IOException {
    int[] values = new int[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
