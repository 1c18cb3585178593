package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which decoders nested selection may choose from: exactly those that its test covers. Decoders in
 * closed form are fitted to every labeling; the others only as often as {@code evaluation.refits}
 * pays for, and where that is too seldom for a small p they are left out of the choice and shown
 * only.
 */
final class Candidates {
  /** The largest smallest p with which a test says anything. */
  static final double FINE_ENOUGH = 0.01;

  private final Map<String, Decoder> closed;
  private final Map<String, Decoder> refitted;
  private final List<String> choosable;
  private final int fits;
  private final int refits;
  private final int paid;

  private Candidates(
      Map<String, Decoder> closed,
      Map<String, Decoder> refitted,
      int fits,
      int refits,
      int permutations) {
    this.closed = closed;
    this.refitted = refitted;
    this.fits = fits;
    this.refits = refits;
    this.paid = Math.min(permutations, refits / fits);
    boolean enough = paid > 0 && 1.0 / (paid + 1) <= FINE_ENOUGH;
    List<String> names = new ArrayList<>(closed.keySet());
    if (enough || closed.isEmpty()) {
      names.addAll(refitted.keySet());
    }
    this.choosable = List.copyOf(names);
  }

  /** Asks every decoder of a run that works whether it is in closed form. */
  static Candidates of(EvaluationRun run) {
    Map<String, Decoder> closed = new LinkedHashMap<>();
    Map<String, Decoder> refitted = new LinkedHashMap<>();
    run.input()
        .decoders()
        .forEach(
            (name, decoder) ->
                run.attempt(name, "permutations", decoder::closedForm)
                    .ifPresent(isClosed -> (isClosed ? closed : refitted).put(name, decoder)));
    int fits = run.input().main().sites().size() * run.outer().fits();
    return new Candidates(
        closed, refitted, fits, run.settings().refits(), run.settings().permutations());
  }

  /** Those in closed form, in the order of the experiment. */
  Map<String, Decoder> closed() {
    return closed;
  }

  /** The others. */
  Map<String, Decoder> refitted() {
    return refitted;
  }

  /** How many fits one labeling of a decoder takes. */
  int fits() {
    return fits;
  }

  /** How many labelings of each decoder that is not in closed form are paid for. */
  int paid() {
    return paid;
  }

  /** Those of some decoders that nested selection may choose from; perhaps none. */
  List<String> choosable(Set<String> working) {
    return choosable.stream().filter(working::contains).toList();
  }

  /** Whether the choice is among decoders in closed form only. */
  boolean cheap() {
    return closed.keySet().containsAll(choosable);
  }

  /** What a reader should know of those left out of the choice. */
  List<String> notes(Set<String> working) {
    return refitted.keySet().stream()
        .filter(name -> working.contains(name) && !choosable.contains(name))
        .map(this::leftOut)
        .toList();
  }

  private String leftOut(String name) {
    long enough = Math.round(1 / FINE_ENOUGH - 1) * fits;
    return paid == 0
        ? ("%s has no p, and nested selection does not choose it: it is not in closed form, one"
                + " permutation needs %d refits, and evaluation.refits is %d. Set it to %d or more"
                + " for a p of %.2f.")
            .formatted(name, fits, refits, enough, FINE_ENOUGH)
        : ("Nested selection does not choose %s: it is not in closed form, and evaluation.refits"
                + " (%d) is too small for a p of %.2f. Set it to %d or more.")
            .formatted(name, refits, FINE_ENOUGH, enough);
  }
}
