package dev.sonde.probe.influence.check;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A training that was repeated on some of the documents, and how likely completions were after it.
 *
 * @param choice how the documents were chosen
 * @param number of the subset, or of the group of queries whose documents were removed
 * @param seed of the order of the documents
 * @param documents those that were trained on
 * @param logP log-probability of each query's completion, in nats
 */
record Retraining(DocumentChoice choice, int number, int seed, BitSet documents, double[] logP) {
  private static final int HEXADECIMAL = 16;
  private static final int HASH_CHARACTERS = 8;

  /**
   * Its name, which is also that of its shard. Removals are told apart by the documents, of which
   * it has a hash: other scores remove others for the same group.
   */
  String id() {
    String name = "%s-%02d-seed-%d".formatted(choice.word(), number, seed);
    return choice == DocumentChoice.FULL || choice == DocumentChoice.SUBSET
        ? name
        : name + "-" + hash();
  }

  private String hash() {
    byte[] digest = Retrainings.sha256().digest(documents.toByteArray());
    return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
  }

  /** A line of the file of all retrainings. */
  String line(String inputs) {
    String numbers =
        Arrays.stream(logP)
            .mapToObj(value -> String.format(Locale.ROOT, "%.5f", value))
            .collect(Collectors.joining(","));
    return """
        {"id":"%s","inputs":"%s","choice":"%s","number":%d,"seed":%d,"documents":"%s","log_p":[%s]}
        """
        .formatted(id(), inputs, choice.word(), number, seed, hexadecimal(documents), numbers);
  }

  /** Bit i, from the lowest, is document i. */
  private static String hexadecimal(BitSet documents) {
    byte[] lowestFirst = documents.toByteArray();
    byte[] highestFirst = new byte[lowestFirst.length];
    for (int i = 0; i < lowestFirst.length; i++) {
      highestFirst[lowestFirst.length - 1 - i] = lowestFirst[i];
    }
    return new BigInteger(1, highestFirst).toString(HEXADECIMAL);
  }

  /**
   * Reads a line back.
   *
   * @throws InvalidInputException if it is none
   */
  static Retraining of(Example row) {
    try {
      return new Retraining(
          DocumentChoice.valueOf(row.text("choice").toUpperCase(Locale.ROOT)),
          Integer.parseInt(row.text("number")),
          Integer.parseInt(row.text("seed")),
          bits(row.text("documents")),
          row.texts("log_p").stream().mapToDouble(Double::parseDouble).toArray());
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "retraining '%s' is not as this probe writes them: %s".formatted(row.id(), e), e);
    }
  }

  private static BitSet bits(String text) {
    BigInteger number = new BigInteger(text, HEXADECIMAL);
    BitSet bits = new BitSet();
    for (int i = 0; i < number.bitLength(); i++) {
      bits.set(i, number.testBit(i));
    }
    return bits;
  }
}
