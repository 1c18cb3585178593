package dev.sonde.probe.influence.check;

import dev.sonde.api.data.Study;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.influence.read.TokenizedText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
   * Those of a data set; empty, with a note, where they are of other documents, queries or another
   * way of training.
   */
  public static Optional<Retrainings> read(ProbeContext context, Study set, String inputs) {
    boolean fit =
        set.examples().stream().allMatch(row -> row.has(INPUTS) && row.text(INPUTS).equals(inputs));
    if (!fit || set.size() == 0) {
      context
          .report()
          .note(
              "The retrainings of set %s are of other documents or queries, or of another way of"
                      .formatted(set.name())
                  + " training: lds and retrain.effect are left out.");
      return Optional.empty();
    }
    return Optional.of(new Retrainings(set.examples().stream().map(Retraining::of).toList()));
  }

  /** The hash of what a training and its measurement rest on, the model before it left out. */
  public static String inputs(
      List<TokenizedText> documents, List<TokenizedText> queries, TrainingRecipe recipe) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(recipe.text().getBytes(StandardCharsets.UTF_8));
      for (List<TokenizedText> items : List.of(documents, queries)) {
        for (TokenizedText item : items) {
          int[] tokens = item.tokens();
          ByteBuffer bytes = ByteBuffer.allocate((tokens.length + 2) * Integer.BYTES);
          bytes.putInt(tokens.length).putInt(item.lossFrom()).asIntBuffer().put(tokens);
          digest.update(bytes.array());
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
