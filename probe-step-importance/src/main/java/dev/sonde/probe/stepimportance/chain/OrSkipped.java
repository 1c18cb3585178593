package dev.sonde.probe.stepimportance.chain;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a chain gave, or why it is left out.
 *
 * @param value empty where the chain is left out
 */
public record OrSkipped<T>(Optional<T> value, Optional<LeftOut> left) {
  /** A chain that gave something. */
  public static <T> OrSkipped<T> of(T value) {
    return new OrSkipped<>(Optional.of(value), Optional.empty());
  }

  /** A chain that is left out. */
  public static <T> OrSkipped<T> skipped(LeftOut left) {
    return new OrSkipped<>(Optional.empty(), Optional.of(left));
  }

  /** A chain that is left out, of which nothing more is known. */
  public static <T> OrSkipped<T> skipped(SkipReason reason) {
    return skipped(LeftOut.of(reason));
  }

  /** All that a chain gave; the last reason if there is one. */
  public static <T> OrSkipped<List<T>> all(List<OrSkipped<T>> given) {
    return given.stream()
        .flatMap(each -> each.left().stream())
        .reduce((first, last) -> last)
        .map(OrSkipped::<List<T>>skipped)
        .orElseGet(() -> of(values(given)));
  }

  /** The values of those chains that gave one. */
  public static <T> List<T> values(List<OrSkipped<T>> given) {
    return given.stream().flatMap(each -> each.value().stream()).toList();
  }

  /** Why the chain is left out, if it is. */
  public Optional<SkipReason> reason() {
    return left.map(LeftOut::reason);
  }

  /** What follows from the value; the same reason without one. */
  public <R> OrSkipped<R> map(Function<T, R> next) {
    return new OrSkipped<>(value.map(next), left);
  }

  /** The same where nothing may follow. */
  public <R> OrSkipped<R> flatMap(Function<T, OrSkipped<R>> next) {
    return value.map(next).orElseGet(() -> new OrSkipped<>(Optional.empty(), left));
  }
}
