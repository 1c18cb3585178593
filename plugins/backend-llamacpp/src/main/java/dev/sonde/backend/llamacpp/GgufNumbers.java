package dev.sonde.backend.llamacpp;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufFile;
import dev.sonde.formats.gguf.GgufTensor;
import java.util.List;

/**
 * The numbers of a header that decide shapes, within bounds that no model leaves: llama.cpp divides
 * by some and allocates by others.
 *
 * @param architecture as {@code general.architecture} names it
 * @param layers number of blocks
 * @param width of the residual stream
 * @param vocabulary number of token ids
 * @param context longest sequence
 * @param heads most query heads of a block
 * @param keyValueHeads most key and value heads of a block
 * @param keyWidth of a head's queries and keys
 * @param valueWidth of a head's values
 * @param mlpWidth most inner numbers of a block's MLP
 * @param experts of a block; 0 where there are none
 */
record GgufNumbers(
    String architecture,
    int layers,
    int width,
    int vocabulary,
    int context,
    int heads,
    int keyValueHeads,
    int keyWidth,
    int valueWidth,
    int mlpWidth,
    int experts) {
  /** llama.cpp's own bound on blocks. */
  private static final long MOST_LAYERS = 512;

  private static final long MOST_WIDTH = 1 << 20;
  private static final long MOST_TOKENS = 1 << 30;

  /** Reads them; every error names file and key. */
  static GgufNumbers of(GgufFile file) {
    Reader reader = new Reader(file);
    GgufTensor embedding = file.tensor("token_embd.weight");
    if (embedding.shape().size() != 2) {
      throw new FormatException(file.path(), "tensor 'token_embd.weight' is no matrix");
    }
    int width = reader.most("embedding_length", 1, MOST_WIDTH);
    if (embedding.shape().getLast() != width) {
      throw reader.problem("embedding_length", "is not the width of token_embd.weight");
    }
    int layers = reader.most("block_count", 1, MOST_LAYERS);
    int heads = reader.optional("attention.head_count", 1, MOST_WIDTH, 1);
    int keyWidth =
        reader.optional("attention.key_length", 1, MOST_WIDTH, Math.max(1, width / heads));
    return new GgufNumbers(
        reader.architecture,
        layers,
        width,
        reader.bounded("token_embd.weight", embedding.shape().getFirst(), 1, MOST_TOKENS),
        reader.most("context_length", 1, MOST_TOKENS),
        heads,
        reader.optional("attention.head_count_kv", 1, MOST_WIDTH, heads),
        keyWidth,
        reader.optional("attention.value_length", 1, MOST_WIDTH, keyWidth),
        reader.optional("feed_forward_length", 0, MOST_WIDTH, 0),
        reader.optional("expert_count", 0, MOST_WIDTH, 0));
  }

  /** Bytes of keys and values of one token, at four bytes a number. */
  long cacheBytes() {
    return (long) layers * keyValueHeads * (keyWidth + valueWidth) * Float.BYTES;
  }

  /** Reads whole numbers, of lists the largest. */
  private static final class Reader {
    private final GgufFile file;
    private final String architecture;

    Reader(GgufFile file) {
      this.file = file;
      this.architecture =
          file.metadata()
              .text("general.architecture")
              .filter(name -> name.matches("[a-z0-9_.-]{1,64}"))
              .orElseThrow(
                  () ->
                      new FormatException(
                          file.path(), "metadata 'general.architecture' names no architecture"));
    }

    int most(String key, long least, long most) {
      long found = largest(key);
      if (found < 0) {
        throw problem(key, "is missing");
      }
      return bounded(key, found, least, most);
    }

    int optional(String key, long least, long most, int otherwise) {
      long found = largest(key);
      return found < 0 ? otherwise : bounded(key, found, least, most);
    }

    private long largest(String key) {
      Object value = file.metadata().values().get(architecture + "." + key);
      if (value instanceof List<?> list) {
        return list.stream()
            .mapToLong(each -> each instanceof Long number ? number : Long.MAX_VALUE)
            .max()
            .orElse(-1);
      }
      return file.metadata().whole(architecture + "." + key).orElse(-1L);
    }

    int bounded(String key, long found, long least, long most) {
      if (found < least || found > most) {
        throw problem(key, "is %d, not from %d to %d".formatted(found, least, most));
      }
      return Math.toIntExact(found);
    }

    FormatException problem(String key, String what) {
      return new FormatException(
          file.path(), "metadata '%s.%s' %s".formatted(architecture, key, what));
    }
  }
}
