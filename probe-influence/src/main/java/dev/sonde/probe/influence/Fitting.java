package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Fits the curvature of each linear on some items: second moments of tokens, their eigenbases, and
 * squared gradients of items in them. Sums over partitions of the items add up, so that each
 * partition is a stage of its own.
 */
final class Fitting {
  private final String name;
  private final Gradients gradients;
  private final List<Linear> linears;
  private final LinearAlgebra algebra;
  private final Stages stages;
  private final List<List<Item>> partitions;
  private final Labels labels;

  /**
   * Fits on partitions of some items.
   *
   * @param name what its stages begin with
   * @param labels whose loss it is fitted on
   */
  Fitting(
      String name,
      Gradients gradients,
      List<Linear> linears,
      LinearAlgebra algebra,
      Stages stages,
      List<List<Item>> partitions,
      Labels labels) {
    this.name = name;
    this.gradients = gradients;
    this.linears = linears;
    this.algebra = algebra;
    this.stages = stages;
    this.partitions = partitions;
    this.labels = labels;
  }

  /** Fits what the strategies need, a value for each linear. */
  List<Factors> fit(List<Strategy> strategies) {
    boolean rotates = strategies.stream().anyMatch(Strategy::rotates);
    List<Covariances> covariances = rotates ? covariances() : List.of();
    List<Eigenbasis> bases = rotates ? bases(covariances) : List.of();
    List<List<Matrix>> squares = squares(strategies, bases);
    return IntStream.range(0, linears.size())
        .mapToObj(
            i ->
                new Factors(
                    linears.get(i),
                    at(covariances, i),
                    at(bases, i),
                    at(squares.getFirst(), i),
                    at(squares.getLast(), i),
                    items()))
        .toList();
  }

  private static <T> Optional<T> at(List<T> list, int index) {
    return list.isEmpty() ? Optional.empty() : Optional.of(list.get(index));
  }

  private long items() {
    return partitions.stream().mapToLong(List::size).sum();
  }

  /** How many tokens the second moments are summed over. */
  long tokens() {
    return partitions.stream().flatMap(List::stream).mapToLong(i -> i.tokens().length).sum();
  }

  private List<Covariances> covariances() {
    List<Covariances> sums = linears.stream().map(Covariances::none).toList();
    for (int part = 0; part < partitions.size(); part++) {
      List<Item> items = partitions.get(part);
      Supplier<List<List<Matrix>>> work =
          () -> {
            List<Covariances> own = linears.stream().map(Covariances::none).toList();
            gradients.each(items, labels, rows -> own.get(rows.linear()).add(rows, algebra));
            return own.stream().map(c -> List.of(c.inputs(), c.gradients())).toList();
          };
      List<List<Matrix>> found = stages.perLinear(name + "covariance-" + part, linears, work);
      for (int i = 0; i < linears.size(); i++) {
        sums.get(i).add(new Covariances(found.get(i).getFirst(), found.get(i).getLast()));
      }
    }
    return sums;
  }

  private List<Eigenbasis> bases(List<Covariances> covariances) {
    long tokens = tokens();
    List<Eigenbasis> bases = new ArrayList<>();
    for (int i = 0; i < linears.size(); i++) {
      Covariances own = covariances.get(i);
      Supplier<List<List<Matrix>>> work =
          () -> {
            Eigenbasis basis = Eigenbasis.of(own, tokens, algebra);
            return List.of(
                List.of(
                    basis.inputs(), basis.inputValues(), basis.outputs(), basis.outputValues()));
          };
      List<Matrix> found =
          stages.perLinear(name + "eigenbasis", List.of(linears.get(i)), work).getFirst();
      bases.add(new Eigenbasis(found.get(0), found.get(1), found.get(2), found.get(3)));
    }
    return bases;
  }

  /** Squared gradients of each linear in its eigenbasis, and in the weights' own, as wanted. */
  private List<List<Matrix>> squares(List<Strategy> strategies, List<Eigenbasis> bases) {
    List<Matrix> corrected = strategies.contains(Strategy.EKFAC) ? zeros() : List.of();
    List<Matrix> plain = strategies.contains(Strategy.DIAGONAL) ? zeros() : List.of();
    if (corrected.isEmpty() && plain.isEmpty()) {
      return List.of(corrected, plain);
    }
    for (int part = 0; part < partitions.size(); part++) {
      List<Item> items = partitions.get(part);
      Supplier<List<List<Matrix>>> work = () -> squares(items, bases, corrected, plain);
      List<List<Matrix>> found = stages.perLinear(name + "lambda-" + part, linears, work);
      for (int i = 0; i < linears.size(); i++) {
        if (!corrected.isEmpty()) {
          Cells.add(corrected.get(i), found.get(i).getFirst());
        }
        if (!plain.isEmpty()) {
          Cells.add(plain.get(i), found.get(i).getLast());
        }
      }
    }
    return List.of(corrected, plain);
  }

  /** One partition's share of either, linear by linear. */
  private List<List<Matrix>> squares(
      List<Item> items, List<Eigenbasis> bases, List<Matrix> corrected, List<Matrix> plain) {
    List<Matrix> ownCorrected = corrected.isEmpty() ? List.of() : zeros();
    List<Matrix> ownPlain = plain.isEmpty() ? List.of() : zeros();
    gradients.each(
        items,
        labels,
        rows -> {
          if (!ownCorrected.isEmpty()) {
            addSquares(ownCorrected, bases.get(rows.linear()).rotated(rows, algebra));
          }
          if (!ownPlain.isEmpty()) {
            addSquares(ownPlain, rows);
          }
        });
    return IntStream.range(0, linears.size())
        .mapToObj(
            i -> Stream.of(ownCorrected, ownPlain).flatMap(own -> at(own, i).stream()).toList())
        .toList();
  }

  private List<Matrix> zeros() {
    return linears.stream().map(l -> Cells.zeros(l.out(), l.in())).toList();
  }

  private void addSquares(List<Matrix> sums, TokenRows rows) {
    for (int place = 0; place < rows.count(); place++) {
      Cells.addSquares(sums.get(rows.linear()), rows.gradient(place, algebra));
    }
  }
}
