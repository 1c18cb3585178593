package example.myname;

import dev.sonde.api.data.DatasetFactory;
import dev.sonde.testkit.DatasetContract;
import java.util.List;
import java.util.Map;

class MyNameFilesTest extends DatasetContract {
  @Override
  protected DatasetFactory factory() {
    return new MyNameFiles();
  }

  @Override
  protected String fileName() {
    return "rows.my-name";
  }

  @Override
  protected String content() {
    return """
        memory | vafip | Q : what is the vafip of 7 2 ? A :
        reasoning | pobud | Q : what is the pobud of 7 2 ? A :
        """;
  }

  @Override
  protected List<Map<String, Object>> rows() {
    return List.of(
        Map.of("label", "memory", "group", "vafip", "text", "Q : what is the vafip of 7 2 ? A :"),
        Map.of(
            "label", "reasoning", "group", "pobud", "text", "Q : what is the pobud of 7 2 ? A :"));
  }

  @Override
  protected String malformed() {
    return "memory | vafip | fine\nno bars\n";
  }

  @Override
  protected int malformedLine() {
    return 2;
  }
}
