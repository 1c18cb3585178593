package dev.sonde.probe.position.report;

import dev.sonde.probe.position.perturb.Effect;
import dev.sonde.probe.position.perturb.Perturbation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What perturbations of order and distance do, in words, each beside its null. */
final class PerturbationSentences {
  private final List<Effect> effects;

  /** Of one model's effects. */
  PerturbationSentences(String model, List<Effect> effects) {
    this.effects =
        effects.stream()
            .filter(each -> each.model().equals(model) && Double.isFinite(each.ratio()))
            .toList();
  }

  List<String> all() {
    List<String> sentences = new ArrayList<>();
    ranges(Perturbation.ORDER, "tokens").ifPresent(sentences::add);
    ranges(Perturbation.WORDS, "words").ifPresent(sentences::add);
    sentences().ifPresent(sentences::add);
    distances().ifPresent(sentences::add);
    return sentences;
  }

  private List<Effect> named(String perturbation) {
    return effects.stream().filter(each -> each.perturbation().equals(perturbation)).toList();
  }

  private static String times(Effect effect) {
    String ratio = String.format(Locale.ROOT, "× %.2f", effect.ratio());
    return effect.interval().exists()
        ? ratio
            + String.format(
                Locale.ROOT, " [%.2f, %.2f]", effect.interval().low(), effect.interval().high())
        : ratio;
  }

  /** One share, swapped ever farther, beside other tokens in the same places. */
  private Optional<String> ranges(Perturbation kind, String what) {
    Optional<Effect> replaced = named(kind.key() + ".replaced").stream().findFirst();
    return replaced.map(
        nothing -> {
          double share = nothing.condition().fraction();
          String moved =
              named(kind.key()).stream()
                  .filter(each -> each.condition().fraction() == share)
                  .map(each -> "%s (%d)".formatted(times(each), each.at("reach")))
                  .collect(Collectors.joining(", "));
          return String.format(
              Locale.ROOT,
              "With %.0f %% of tokens moved by swapping %s, perplexity of the others by how far apart what is swapped stands at most, in tokens: %s; with other tokens in their place (%d) %s.",
              100 * share,
              what,
              moved,
              nothing.at("reach"),
              times(nothing));
        });
  }

  private Optional<String> sentences() {
    List<Effect> moved = named(Perturbation.SENTENCES.key());
    List<Effect> alone = named(Perturbation.SENTENCES.key() + ".alone");
    return moved.isEmpty() || alone.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "With sentences in another order their tokens' perplexity is %s; with nothing seen of what was before a sentence %s."
                .formatted(times(moved.getFirst()), times(alone.getFirst())));
  }

  private Optional<String> distances() {
    String found =
        List.of(
                distance(Perturbation.CONSTANT_DISTANCE, "all keys at one distance"),
                distance(Perturbation.SHIFTED_DISTANCE, "keys farther away by"),
                distance(Perturbation.CLIPPED_DISTANCE, "no key farther away than"))
            .stream()
            .flatMap(Optional::stream)
            .collect(Collectors.joining("; "));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of("Perplexity with other distances, in tokens: %s.".formatted(found));
  }

  private Optional<String> distance(Perturbation kind, String words) {
    List<Effect> own = named(kind.key());
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(
            words
                + " "
                + own.stream()
                    .map(each -> "%d %s".formatted(each.at("distance"), times(each)))
                    .collect(Collectors.joining(", ")));
  }
}
