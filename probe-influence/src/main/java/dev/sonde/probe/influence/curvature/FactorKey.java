package dev.sonde.probe.influence.curvature;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.TokenizedText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What fitted factors belong to; it stands in their files.
 *
 * @param model hash of the weights and of the linears
 * @param fit hash of the labels and of the documents that they were fitted on
 */
public record FactorKey(String model, String fit) {
  private static final String MODEL = "sonde.model";
  private static final String FIT = "sonde.fit";
  private static final int CHARACTERS = 16;

  /** The key of a fit. */
  static FactorKey of(
      ModelInfo model, List<LinearModule> linears, FitTask task, List<TokenizedText> documents) {
    MessageDigest ofModel = sha256();
    update(ofModel, model.contentHash());
    linears.forEach(linear -> update(ofModel, linear.toString()));
    MessageDigest ofFit = sha256();
    update(ofFit, task.labels().toString());
    for (TokenizedText document : documents) {
      update(ofFit, document.id()); // on which drawn labels rest
      ByteBuffer bytes = ByteBuffer.allocate((document.tokens().length + 1) * Integer.BYTES);
      bytes.putInt(document.lossFrom()).asIntBuffer().put(document.tokens());
      ofFit.update(bytes.array());
    }
    return new FactorKey(hexadecimal(ofModel), hexadecimal(ofFit));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  private static String hexadecimal(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, CHARACTERS);
  }

  /** As the header of a file has it. */
  public Map<String, String> header() {
    return Map.of(MODEL, model, FIT, fit);
  }

  /** Whether a header says another model or other linears; one that says nothing does not. */
  boolean isOfAnotherModel(Map<String, String> header) {
    return !header.getOrDefault(MODEL, model).equals(model);
  }

  /** Whether a header says that they were fitted on exactly these documents and labels. */
  boolean isOfThisFit(Map<String, String> header) {
    return fit.equals(header.get(FIT));
  }
}
