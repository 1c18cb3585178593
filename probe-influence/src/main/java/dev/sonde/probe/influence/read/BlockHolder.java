package dev.sonde.probe.influence.read;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.SondeException;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The module that holds a model's blocks, which models name differently. */
final class BlockHolder {
  private static final Pattern WHOLE = Pattern.compile("linear:(.+?)\\.\\d+\\..+");

  /** What families of Hugging Face models call it, the usual name first. */
  private static final List<String> NAMES =
      List.of(
          "model.layers",
          "transformer.h",
          "gpt_neox.layers",
          "model.decoder.layers",
          "transformer.blocks",
          "model.language_model.layers",
          "transformer.encoder.layers",
          "backbone.layers",
          "layers",
          "h");

  private BlockHolder() {}

  /**
   * The one that a model has: known where its blocks differ, else the first name under which a
   * token's pass finds a linear.
   *
   * @param linear a linear's name within a block
   * @throws InvalidInputException if it is none of the usual ones, with what to set
   */
  static String of(Model model, String linear) {
    return announced(model.info())
        .or(() -> NAMES.stream().filter(name -> has(model, name + ".0." + linear)).findFirst())
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "blocks: the module that holds the blocks of this model (%s) is none of %s; name it, as the model's files do"
                        .formatted(model.info().architecture(), NAMES)));
  }

  private static Optional<String> announced(ModelInfo model) {
    return model.widths().keySet().stream()
        .map(WHOLE::matcher)
        .filter(Matcher::matches)
        .map(match -> match.group(1))
        .findFirst();
  }

  private static boolean has(Model model, String module) {
    Read input = Read.of(HookPoint.linearIn(module), Selector.all());
    try {
      model.forward(ForwardRequest.of(List.of(Sequence.of(0))).read(input)).forEach(batch -> {});
      return true;
    } catch (SondeException e) {
      return false;
    }
  }
}
