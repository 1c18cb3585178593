package dev.sonde.probe.stepimportance;

import dev.sonde.api.data.Example;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Tokens;
import dev.sonde.probe.stepimportance.search.Ledger;
import dev.sonde.probe.stepimportance.search.SkipReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the chains of some rows, or lets the model write them. */
final class ChainReader {
  private final Model model;
  private final Sources sources;
  private final Ledger ledger;

  ChainReader(Model model, Sources sources, Ledger ledger) {
    this.model = model;
    this.sources = sources;
    this.ledger = ledger;
  }

  /**
   * A chain that was read, or why there is none.
   *
   * @param chain empty where there is a reason
   */
  record Read(Optional<Chain> chain, Optional<SkipReason> skipped) {
    private static Read of(SkipReason reason) {
      return new Read(Optional.empty(), Optional.of(reason));
    }
  }

  /** A row with its prompt, before its chain is known. */
  private record Prompted(Example example, String group, String prompt, boolean specialTokens) {}

  /**
   * The chains of some rows, one per row.
   *
   * @param groups the rows' groups
   */
  List<Read> read(List<Example> examples, List<String> groups) {
    List<Read> reads = new ArrayList<>();
    List<Prompted> toWrite = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      Prompted row = prompted(examples.get(i), groups.get(i));
      if (row.example().has(sources.stepsColumn())) {
        reads.add(chain(row, separated(row)));
      } else if (row.example().has(sources.chainColumn())) {
        reads.add(chain(row, cut(row.example().text(sources.chainColumn()))));
      } else {
        places.add(i);
        toWrite.add(row);
        reads.add(Read.of(SkipReason.UNFINISHED));
      }
    }
    List<Read> written = write(toWrite);
    for (int i = 0; i < written.size(); i++) {
      reads.set(places.get(i), written.get(i));
    }
    return reads;
  }

  private Prompted prompted(Example example, String group) {
    if (!sources.chat()) {
      return new Prompted(example, group, example.text(), example.specialTokens());
    }
    String message = sources.message().replace(Sources.PLACE, example.text());
    String prompt = model.tokenizer().render(List.of(Message.of("user", message)), true);
    return new Prompted(example, group, prompt, false);
  }

  private List<String> separated(Prompted row) {
    List<String> steps = new ArrayList<>();
    boolean open = row.prompt().isEmpty() || Character.isWhitespace(last(row.prompt()));
    for (String step : row.example().texts(sources.stepsColumn())) {
      steps.add(steps.isEmpty() && open ? step : sources.separator() + step);
    }
    return steps;
  }

  private static char last(String text) {
    return text.charAt(text.length() - 1);
  }

  private List<String> cut(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    List<Integer> starts = sources.segmentation().starts(text);
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      int end = i + 1 < starts.size() ? starts.get(i + 1) : text.length();
      steps.add(text.substring(starts.get(i), end));
    }
    return steps;
  }

  private Read chain(Prompted row, List<String> steps) {
    if (steps.size() < 2) {
      return Read.of(SkipReason.ONE_STEP);
    }
    return Tokens.chain(
            model.tokenizer(),
            row.example().id(),
            row.group(),
            row.prompt(),
            row.specialTokens(),
            steps)
        .map(chain -> new Read(Optional.of(chain), Optional.empty()))
        .orElseGet(() -> Read.of(SkipReason.STEP_WITHOUT_TOKENS));
  }

  private List<Read> write(List<Prompted> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Tokenizer tokenizer = model.tokenizer();
    int longest = model.capabilities().longestContext();
    List<Sequence> sequences = new ArrayList<>();
    List<Read> reads = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int[] tokens = tokenizer.encode(rows.get(i).prompt(), rows.get(i).specialTokens()).ids();
      reads.add(Read.of(SkipReason.TOO_LONG));
      if (tokens.length > 0 && tokens.length < longest) {
        int most = Math.min(sources.mostTokens(), longest - tokens.length);
        sequences.add(Sequence.builder(tokens).maxNewTokens(most).build());
        places.add(i);
      }
    }
    int[] ends = model.info().endOfSequence();
    GenerateRequest request = GenerateRequest.greedy(sequences, ends).stoppingAt(sources.stops());
    sequences.forEach(ledger::ran);
    try (GenerationStream stream = model.generate(request)) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        ledger.wrote(generation.tokens().length);
        int place = places.get(generation.sequence());
        Sequence sequence = sequences.get(generation.sequence());
        reads.set(place, written(rows.get(place), sequence, generation.tokens(), ends));
      }
    }
    return reads;
  }

  private Read written(Prompted row, Sequence sequence, int[] tokens, int[] ends) {
    boolean ended =
        tokens.length > 0 && Arrays.stream(ends).anyMatch(end -> end == tokens[tokens.length - 1]);
    String text =
        text(sequence.tokens(), ended ? Arrays.copyOf(tokens, tokens.length - 1) : tokens);
    Optional<Integer> stop =
        sources.stops().stream().map(text::indexOf).filter(at -> at >= 0).min(Integer::compare);
    if (!ended && stop.isEmpty() && !sources.keepUnfinished()) {
      return Read.of(SkipReason.UNFINISHED);
    }
    return chain(row, cut(text.substring(0, stop.orElse(text.length()))));
  }

  /** What generated tokens add to the prompt: a decoder may drop a space at a text's beginning. */
  private String text(int[] prompt, int[] tokens) {
    int[] whole = Arrays.copyOf(prompt, prompt.length + tokens.length);
    System.arraycopy(tokens, 0, whole, prompt.length, tokens.length);
    String before = model.tokenizer().decode(prompt);
    String all = model.tokenizer().decode(whole);
    return all.startsWith(before)
        ? all.substring(before.length())
        : model.tokenizer().decode(tokens);
  }
}
