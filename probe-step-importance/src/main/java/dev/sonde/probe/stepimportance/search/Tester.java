package dev.sonde.probe.stepimportance.search;

import dev.sonde.answers.Answer;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.Tokens;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Puts subsequences of many chains to the model in one request. */
public final class Tester {
  /** The most tokens of an answer that a model gives of its own accord. */
  public static final int OWN_ANSWER_TOKENS = 24;

  private final Model model;
  private final TestSettings settings;
  private final Ledger ledger;

  /** A tester of one model. */
  public Tester(Model model, TestSettings settings, Ledger ledger) {
    this.model = model;
    this.settings = settings;
    this.ledger = ledger;
  }

  /** One subsequence of one chain. */
  public record Ask(Subject subject, Mask mask) {}

  /**
   * What follows the steps of a chain.
   *
   * @param answer how the accepted answer is written
   * @param own what the model itself writes behind the elicitation
   */
  public Subject.Endings endings(String answer, int... own) {
    int[] elicitation = inside(settings.elicitation());
    String form = settings.answerForm().replace(TestSettings.PLACE, answer);
    int most = settings.answerTokens() > 0 ? settings.answerTokens() : 2 * inside(answer).length;
    return new Subject.Endings(
        elicitation,
        inside(settings.emptyElicitation()),
        inside(settings.emptyElicitation() + form),
        inside(settings.elicitation() + form),
        joined(elicitation, own),
        most);
  }

  private static int[] joined(int[] first, int[] second) {
    int[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private int[] inside(String text) {
    return Tokens.inside(model.tokenizer(), text);
  }

  /** The most tokens that any test of a chain takes. */
  public int longest(Subject subject) {
    Subject.Endings endings = subject.endings();
    int behind =
        Math.max(
            Math.max(endings.formed().length, endings.written().length),
            endings.elicitation().length + endings.most());
    return subject.chain().tokens().length + behind;
  }

  /** The tokens that asking a model for its own answer takes behind a chain. */
  public int room() {
    return inside(settings.elicitation()).length + OWN_ANSWER_TOKENS;
  }

  /** Measures what was not measured yet and stores it with its chains. */
  public void test(List<Ask> asks) {
    List<Ask> open =
        asks.stream().distinct().filter(ask -> !ask.subject().has(ask.mask())).toList();
    if (open.isEmpty()) {
      return;
    }
    double[] perplexities = perplexities(open);
    int[] right = rightAnswers(open);
    for (int i = 0; i < right.length; i++) {
      open.get(i)
          .subject()
          .put(
              open.get(i).mask(),
              new Subject.Measured(right[i], settings.samples(), perplexities[i]));
    }
  }

  /** Measures how unlikely it is that the answer is given at once. */
  public void scoreDirectAnswers(List<Subject> subjects) {
    List<Sequence> sequences = new ArrayList<>();
    for (Subject subject : subjects) {
      sequences.add(
          scored(subject, subject.chain().sequence(Mask.of(), subject.endings().direct())));
    }
    double[] perplexities = score(sequences);
    for (int i = 0; i < perplexities.length; i++) {
      subjects.get(i).directPerplexity(perplexities[i]);
    }
  }

  private double[] perplexities(List<Ask> asks) {
    return score(
        asks.stream()
            .map(ask -> scored(ask.subject(), ask.subject().chain().sequence(ask.mask())))
            .toList());
  }

  private Sequence scored(Subject subject, int[] tokens) {
    return Sequence.builder(tokens)
        .scoreFrom(settings.wholeText() ? 1 : subject.chain().promptTokens())
        .build();
  }

  /** The perplexity of each sequence's targets; NaN where it has none. */
  private double[] score(List<Sequence> sequences) {
    double[] sums = new double[sequences.size()];
    ForwardRequest request = ForwardRequest.of(sequences).read(Read.logProbabilities()).build();
    sequences.forEach(ledger::ran);
    try (ActivationStream stream = model.forward(request)) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          sums[rows.sequences()[row]] += rows.values().getAtIndex(ValueLayout.JAVA_FLOAT, row);
        }
      }
    }
    double[] perplexities = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      perplexities[i] = Attainability.perplexity(sums[i], sequences.get(i).targets().size());
    }
    return perplexities;
  }

  private int[] rightAnswers(List<Ask> asks) {
    List<Sequence> sequences = new ArrayList<>();
    for (Ask ask : asks) {
      Subject.Endings endings = ask.subject().endings();
      int[] ending = ask.mask().size() == 0 ? endings.empty() : endings.elicitation();
      sequences.add(
          Sequence.builder(ask.subject().chain().sequence(ask.mask(), ending))
              .samples(settings.samples(), ask.subject().seed())
              .maxNewTokens(endings.most())
              .build());
    }
    int[] right = new int[asks.size()];
    sequences.forEach(ledger::ran);
    GenerateRequest request =
        GenerateRequest.sampled(sequences, settings.sampling(), model.info().endOfSequence());
    try (GenerationStream stream = model.generate(request.stoppingAt(settings.stops()))) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        Ask ask = asks.get(generation.sequence());
        ledger.wrote(generation.tokens().length);
        if (accepts(ask, generation.tokens())) {
          right[generation.sequence()]++;
        }
      }
    }
    return right;
  }

  private boolean accepts(Ask ask, int[] tokens) {
    return settings
        .parser()
        .parse(answerText(ask.mask(), tokens))
        .filter(given -> settings.parser().equal(given, ask.subject().accepted()))
        .isPresent();
  }

  /** What is read as an answer: the elicitation may open a box that the model closes. */
  private String answerText(Mask mask, int[] tokens) {
    String before = mask.size() == 0 ? settings.emptyElicitation() : settings.elicitation();
    return before + model.tokenizer().decode(tokens);
  }

  /** Generated tokens without one that ends the text. */
  int[] withoutEnd(int... tokens) {
    int last = tokens.length - 1;
    boolean ended =
        last >= 0 && Arrays.stream(model.info().endOfSequence()).anyMatch(e -> e == tokens[last]);
    return ended ? Arrays.copyOf(tokens, last) : tokens;
  }

  /**
   * What a model answers of its own accord.
   *
   * @param answer empty where none could be read
   * @param tokens what it wrote behind the elicitation
   */
  public record Own(Optional<Answer> answer, int... tokens) {}

  /**
   * The answers that the model itself gives behind whole chains, taken greedily.
   *
   * @param sequences tokens of prompt and chain
   * @param most the most tokens of an answer
   * @return one per chain
   */
  public List<Own> ownAnswers(List<int[]> sequences, int most) {
    if (sequences.isEmpty()) {
      return List.of();
    }
    int[] elicitation = inside(settings.elicitation());
    List<Sequence> asked = new ArrayList<>();
    for (int[] tokens : sequences) {
      asked.add(Sequence.builder(joined(tokens, elicitation)).maxNewTokens(most).build());
    }
    List<Own> answers = new ArrayList<>();
    asked.forEach(sequence -> answers.add(new Own(Optional.empty())));
    asked.forEach(ledger::ran);
    GenerateRequest request =
        GenerateRequest.sampled(asked, Sampling.greedy(), model.info().endOfSequence());
    try (GenerationStream stream = model.generate(request.stoppingAt(settings.stops()))) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        ledger.wrote(generation.tokens().length);
        int[] tokens = withoutEnd(generation.tokens());
        String text = settings.elicitation() + model.tokenizer().decode(tokens);
        answers.set(generation.sequence(), new Own(settings.parser().parse(text), tokens));
      }
    }
    return answers;
  }
}
