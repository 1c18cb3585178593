package dev.sonde.probe.stepimportance.rollouts;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.attribution.RolloutImportance.Outcomes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What was written anew from before one step of a chain, as a row of thought anchors brings it.
 *
 * @param rollouts in the file's order
 */
record RecordedRollouts(List<Rollout> rollouts) {
  RecordedRollouts {
    rollouts = List.copyOf(rollouts);
  }

  /**
   * One of them.
   *
   * @param answer in normal form; empty where there is none
   * @param resampled the step that was written instead; empty where answers were forced
   */
  record Rollout(Optional<String> answer, boolean right, String resampled) {}

  /**
   * The rollouts of a step.
   *
   * @param kind {@code rollouts} or {@code forced}
   * @param accepted the row's answer, for rollouts of which the file does not say whether they are
   *     right
   */
  static RecordedRollouts of(
      Example row, String kind, int step, AnswerParser parser, Optional<Answer> accepted) {
    String name = kind + "." + step;
    if (!row.has(name + ".answer")) {
      return new RecordedRollouts(List.of());
    }
    List<String> answers = row.texts(name + ".answer");
    List<String> correct = row.has(name + ".correct") ? row.texts(name + ".correct") : List.of();
    List<String> texts = row.has(name + ".resampled") ? row.texts(name + ".resampled") : List.of();
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Optional<Answer> read =
          answers.get(i).isEmpty() ? Optional.empty() : parser.read(answers.get(i));
      boolean said = i < correct.size() && !correct.get(i).isEmpty();
      boolean right =
          said
              ? Boolean.parseBoolean(correct.get(i))
              : accepted.isPresent()
                  && read.filter(given -> parser.equal(given, accepted.get())).isPresent();
      Optional<String> answer =
          answers.get(i).isEmpty()
              ? Optional.empty()
              : Optional.of(read.map(Answer::toString).orElse(answers.get(i)));
      rollouts.add(new Rollout(answer, right, i < texts.size() ? texts.get(i) : ""));
    }
    return new RecordedRollouts(rollouts);
  }

  boolean isEmpty() {
    return rollouts.isEmpty();
  }

  /** What those of some rollouts came to. */
  Outcomes outcomes(Predicate<Rollout> which) {
    Map<String, Integer> answers = new LinkedHashMap<>();
    int right = 0;
    int unanswered = 0;
    for (Rollout rollout : rollouts.stream().filter(which).toList()) {
      if (rollout.answer().isEmpty()) {
        unanswered++;
      } else {
        answers.merge(rollout.answer().get(), 1, Integer::sum);
        right += rollout.right() ? 1 : 0;
      }
    }
    return new Outcomes(answers, right, unanswered);
  }

  /** What all of them came to. */
  Outcomes outcomes() {
    return outcomes(rollout -> true);
  }
}
