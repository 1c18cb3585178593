package example.myname;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads files of lines such as {@code memory | vafip | Q : what is the vafip of 7 2 ? A :}. */
final class MyNameFiles implements DatasetFactory {
  @Override
  public String name() {
    return "my-name";
  }

  @Override
  public String summary() {
    return "lines of label, group and text, parted by bars";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".my-name");
  }

  @Override
  public void read(Path file, Consumer<Row> rows) {
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String[] parts = lines.get(i).split(" \\| ", 3);
        if (parts.length != 3) {
          throw new InvalidInputException(
              "%s:%d: wants 'label | group | text'".formatted(file, i + 1));
        }
        rows.accept(
            new Row(i + 1, Map.of("label", parts[0], "group", parts[1], "text", parts[2])));
      }
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
