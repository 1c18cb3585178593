package dev.sonde.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation and its code blocks. */
record Page(Path file, List<Block> blocks) {
  private static final Pattern BLOCK =
      Pattern.compile(
          "(?:^`([^`\\n]+)`:\\n\\n)?^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  /**
   * A code block.
   *
   * @param name the file that it is said to be, in the line before it
   */
  record Block(Optional<String> name, String language, String text) {}

  static Page read(String name) {
    try {
      Path file = Path.of("..", "docs", name);
      List<Block> blocks = new ArrayList<>();
      Matcher matcher = BLOCK.matcher(Files.readString(file));
      while (matcher.find()) {
        blocks.add(
            new Block(Optional.ofNullable(matcher.group(1)), matcher.group(2), matcher.group(3)));
      }
      return new Page(file, blocks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blocks in a language. */
  List<String> in(String language) {
    return blocks.stream().filter(b -> b.language().equals(language)).map(Block::text).toList();
  }
}
