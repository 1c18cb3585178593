package dev.sonde.engine.pass;

import dev.sonde.api.text.Tokenizer;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Special tokens that a tokenizer adds to a text which brings them already, as a prompt does that
 * was rendered by a chat template elsewhere. The model is fed both, as other tools do it; hardly
 * anybody means that.
 */
public final class AddedTwice {
  private final Tokenizer tokenizer;
  private final Set<Integer> added;

  /** Looks at what a tokenizer makes of texts. */
  public AddedTwice(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.added = IntStream.of(tokenizer.encode("", true).ids()).boxed().collect(Collectors.toSet());
  }

  /**
   * The text of the token that stands twice where a text begins, else where it ends.
   *
   * @param ids the tokens of a text with the special ones that were added
   */
  public Optional<String> token(int[] ids) {
    int last = ids.length - 1;
    if (last < 1) {
      return Optional.empty();
    }
    if (ids[0] == ids[1] && added.contains(ids[0])) {
      return Optional.of(tokenizer.token(ids[0]));
    }
    return ids[last] == ids[last - 1] && added.contains(ids[last])
        ? Optional.of(tokenizer.token(ids[last]))
        : Optional.empty();
  }
}
