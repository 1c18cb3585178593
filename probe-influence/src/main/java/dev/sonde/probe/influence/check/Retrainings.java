package dev.sonde.probe.influence.check;

import dev.sonde.api.data.Study;
import dev.sonde.probe.influence.read.TokenizedText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Repetitions of a training, done now or read from those of an earlier run.
 *
 * @param all each
 */
public record Retrainings(List<Retraining> all) {
  /** The column with the hash of what was trained on and asked. */
  private static final String INPUTS = "inputs";

  private static final int HASH_CHARACTERS = 16;

  /** Those of a choice. */
  List<Retraining> of(DocumentChoice choice) {
    return all.stream().filter(each -> each.choice() == choice).toList();
  }

  /** Their file, a line each. */
  public String lines(String inputs) {
    return all.stream().map(each -> each.line(inputs)).collect(Collectors.joining());
  }

  /**
   * Those of a data set; empty where they are of other documents, queries or another way of
   * training.
   */
  public static Optional<Retrainings> read(Study set, String inputs) {
    boolean fit =
        set.examples().stream().allMatch(row -> row.has(INPUTS) && row.text(INPUTS).equals(inputs));
    return fit && set.size() > 0
        ? Optional.of(new Retrainings(set.examples().stream().map(Retraining::of).toList()))
        : Optional.empty();
  }

  /** The random halves that were trained on, in the order of their numbers. */
  public List<BitSet> halves() {
    SortedMap<Integer, BitSet> halves = new TreeMap<>();
    of(DocumentChoice.SUBSET).forEach(each -> halves.put(each.number(), each.documents()));
    return List.copyOf(halves.values());
  }

  /** These, and those of others that are on other documents, in another order, but for halves. */
  Retrainings and(Retrainings others) {
    return new Retrainings(
        Stream.concat(
                all.stream(),
                others.all.stream()
                    .filter(each -> each.choice() != DocumentChoice.SUBSET)
                    .filter(each -> of(each.documents(), each.seed()).isEmpty()))
            .toList());
  }

  /** A training in one order on exactly these documents, where there was one. */
  Optional<Retraining> of(BitSet documents, int seed) {
    return all.stream()
        .filter(each -> each.seed() == seed && each.documents().equals(documents))
        .findFirst();
  }

  /** The hash of what a training and its measurement rest on, the model before it left out. */
  public static String inputs(
      List<TokenizedText> documents, List<TokenizedText> queries, TrainingRecipe recipe) {
    MessageDigest digest = sha256();
    digest.update(recipe.text().getBytes(StandardCharsets.UTF_8));
    for (List<TokenizedText> items : List.of(documents, queries)) {
      for (TokenizedText item : withOthers(items)) {
        int[] tokens = item.tokens();
        ByteBuffer bytes = ByteBuffer.allocate((tokens.length + 2) * Integer.BYTES);
        bytes.putInt(tokens.length).putInt(item.lossFrom()).asIntBuffer().put(tokens);
        digest.update(bytes.array());
        if (item.lossTo() < tokens.length) {
          digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(item.lossTo()).array());
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_CHARACTERS);
  }

  /** Items, each followed by the completion that it is held against. */
  private static List<TokenizedText> withOthers(List<TokenizedText> items) {
    return items.stream().allMatch(item -> item.against().isEmpty())
        ? items
        : items.stream()
            .flatMap(item -> Stream.concat(Stream.of(item), item.against().stream()))
            .toList();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
