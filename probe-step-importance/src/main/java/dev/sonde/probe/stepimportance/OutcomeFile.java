package dev.sonde.probe.stepimportance;

import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.Finding;
import dev.sonde.probe.stepimportance.search.InfluenceMatrix;
import dev.sonde.probe.stepimportance.search.Variant;
import dev.sonde.probe.stepimportance.search.Verdict;
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

  static byte[] write(List<Outcome> outcomes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(outcomes.size());
      for (Outcome outcome : outcomes) {
        write(out, outcome);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Outcome outcome) throws IOException {
    out.writeInt(outcome.row());
    text(out, outcome.skipped().map(SkipReason::name).orElse(""));
    text(out, outcome.answer());
    out.writeBoolean(outcome.finding().isPresent());
    if (outcome.finding().isPresent()) {
      Finding finding = outcome.finding().get();
      write(out, finding.chain());
      write(out, finding.remaining());
      write(out, finding.prefix());
      out.writeInt(finding.tests());
      out.writeInt(finding.cores().size());
      for (Finding.Core core : finding.cores()) {
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

  private static void write(DataOutputStream out, Finding.Core core) throws IOException {
    text(out, core.variant().name());
    out.writeDouble(core.theta());
    write(out, core.start());
    write(out, core.core());
    out.writeInt(core.verdict().right());
    out.writeInt(core.verdict().samples());
    out.writeDouble(core.verdict().attainability());
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

  static List<Outcome> read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      List<Outcome> outcomes = new ArrayList<>();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        outcomes.add(outcome(in));
      }
      return outcomes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome outcome(DataInputStream in) throws IOException {
    int row = in.readInt();
    String reason = text(in);
    Optional<SkipReason> skipped =
        reason.isEmpty() ? Optional.empty() : Optional.of(SkipReason.valueOf(reason));
    String answer = text(in);
    Optional<Finding> finding = in.readBoolean() ? Optional.of(finding(in)) : Optional.empty();
    return new Outcome(row, finding, skipped, answer);
  }

  private static Finding finding(DataInputStream in) throws IOException {
    Chain chain = chain(in);
    Mask remaining = mask(in);
    Mask prefix = mask(in);
    int tests = in.readInt();
    List<Finding.Core> cores = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      cores.add(core(in));
    }
    return new Finding(chain, remaining, prefix, cores, tests);
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

  private static Finding.Core core(DataInputStream in) throws IOException {
    Variant variant = Variant.valueOf(text(in));
    double theta = in.readDouble();
    Mask start = mask(in);
    Mask core = mask(in);
    Verdict verdict = new Verdict(in.readInt(), in.readInt(), in.readDouble());
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
    return new Finding.Core(variant, theta, start, core, verdict, influence);
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
