package dev.sonde.probe.linear.answers;

import dev.sonde.answers.Answer;
import dev.sonde.answers.Outcome;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model answered to a row.
 *
 * @param samples in the order they were drawn
 * @param own the answer that most of the samples give, the first to come of those that are given as
 *     often; empty where none could be read
 * @param given how many samples give it
 * @param outcome of that answer; empty where it is not known what is right
 */
record RowAnswers(
    List<Sample> samples, Optional<Answer> own, int given, Optional<Outcome> outcome) {
  /**
   * One answer.
   *
   * @param text as it was written, up to where it ends
   * @param answer what it says; empty where that could not be read
   * @param outcome empty where it is not known what is right
   * @param logProbability of its tokens, the mean in nats
   */
  record Sample(
      String text, Optional<Answer> answer, Optional<Outcome> outcome, double logProbability) {}

  RowAnswers {
    samples = List.copyOf(samples);
  }

  /** The vote of some samples. */
  static RowAnswers of(List<Sample> samples) {
    Map<Answer, Integer> votes = new LinkedHashMap<>();
    samples.forEach(
        sample -> sample.answer().ifPresent(answer -> votes.merge(answer, 1, Integer::sum)));
    if (votes.isEmpty()) {
      return new RowAnswers(samples, Optional.empty(), 0, samples.getFirst().outcome());
    }
    int most = Collections.max(votes.values());
    Answer own =
        votes.keySet().stream()
            .filter(answer -> Objects.equals(votes.get(answer), most))
            .findFirst()
            .orElseThrow();
    Optional<Outcome> outcome =
        samples.stream()
            .filter(sample -> sample.answer().filter(own::equals).isPresent())
            .findFirst()
            .flatMap(Sample::outcome);
    return new RowAnswers(samples, Optional.of(own), most, outcome);
  }

  /** Whether the own answer is right. */
  boolean right() {
    return outcome.filter(Outcome.RIGHT::equals).isPresent();
  }

  /** Whether there is no own answer. */
  boolean unread() {
    return own.isEmpty();
  }

  /** The share of the samples that are right. */
  double shareCorrect() {
    return (double)
            samples.stream()
                .filter(sample -> sample.outcome().filter(Outcome.RIGHT::equals).isPresent())
                .count()
        / samples.size();
  }

  /** The share of the samples that give the own answer; those that could not be read do not. */
  double agreement() {
    return (double) given / samples.size();
  }

  /** The mean over samples of the log-probability of their tokens, in nats a token. */
  double logProbability() {
    return samples.stream().mapToDouble(Sample::logProbability).average().orElse(0);
  }
}
