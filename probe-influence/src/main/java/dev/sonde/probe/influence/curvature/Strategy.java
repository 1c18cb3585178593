package dev.sonde.probe.influence.curvature;

import dev.sonde.api.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the curvature of the loss is approximated. */
public enum Strategy {
  /** Not at all: scores are dot products of gradients. */
  IDENTITY(false),
  /** By the mean squared gradient of each weight. */
  DIAGONAL(false),
  /** By a Kronecker product per linear (Martens and Grosse 2015). */
  KFAC(true),
  /** In the same eigenbasis, with eigenvalues measured there (George et al. 2018). */
  EKFAC(true),
  /**
   * Not by factors alone: solved by conjugate gradients on the Fisher matrix over all linears,
   * starting at the solution by EK-FAC and preconditioned with it.
   */
  EKFAC_CG(true);

  private final boolean rotates;

  Strategy(boolean rotates) {
    this.rotates = rotates;
  }

  /** Whether it needs the eigenbasis. */
  public boolean rotates() {
    return rotates;
  }

  /** Whether it needs eigenvalues measured in the eigenbasis. */
  public boolean corrects() {
    return this == EKFAC || this == EKFAC_CG;
  }

  /** The name as settings, files and reports have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The strategy of a name.
   *
   * @throws InvalidInputException if there is none, with what there is
   */
  public static Strategy parse(String word) {
    return Arrays.stream(values())
        .filter(strategy -> strategy.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "strategies: there is no '%s'; there are %s"
                        .formatted(
                            word,
                            Arrays.stream(values())
                                .map(Strategy::word)
                                .collect(Collectors.joining(", ")))));
  }
}
