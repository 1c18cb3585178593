package dev.sonde.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Path SCHEMA = Path.of("../docs/report.schema.json");
  private static final String HOSTILE = "</script><script>alert('x')</script> & | *bold*";

  @TempDir Path folder;

  @Test
  void theJsonFollowsThePublishedSchema() throws IOException {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(SCHEMA), InputFormat.JSON);
    assertThat(schema.validate(ReportJson.write(report()), InputFormat.JSON)).isEmpty();
    assertThat(schema.validate("{\"schemaVersion\": 1}", InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void aReportReadBackIsWrittenTheSame() throws IOException {
    Path file = folder.resolve("report.json");
    Files.writeString(file, ReportJson.write(report()));
    assertThat(ReportJson.write(ReportJson.readReport(file))).isEqualTo(Files.readString(file));
  }

  @Test
  void aValueThatDoesNotExistIsNull() {
    RunReport report = new RunReport(Map.of("name", "x"), List.of(section(Double.NaN)));
    assertThat(ReportJson.write(report)).contains("\"value\" : null").doesNotContain("NaN");
  }

  @Test
  void everyTextInTheHtmlIsEscaped() {
    String html = ReportHtml.render(report());
    assertThat(html).doesNotContain("<script>alert").contains("&lt;/script&gt;");
    String data = html.substring(html.indexOf("id=\"direction-curve\""));
    assertThat(data.substring(0, data.indexOf("</script>"))).contains("\\u003c/script");
  }

  @Test
  void theHtmlNeedsNothingFromOutside() {
    String html = ReportHtml.render(report());
    assertThat(html)
        .doesNotContainPattern("<script[^>]+src=")
        .doesNotContain("<link")
        .doesNotContain("@import");
  }

  @Test
  void textCannotBreakMarkdownTables() {
    String markdown = ReportMarkdown.render(report());
    assertThat(markdown).contains("\\</script\\>").doesNotContain("| *bold*");
  }

  @Test
  void theHeadlineIsTheVerdictThenTheNestedFigureAndWhatItMustBeat() {
    List<Metric> metrics =
        List.of(
            auroc(0, 0.8),
            auroc(1, 0.9),
            Metric.of("auroc.nested", 0.85).interval(0.8, 0.9),
            Metric.of("baseline.bag_of_words", 0.6));
    Section section =
        new Section(
            "p", "x", Section.Status.OK, metrics, List.of(), List.of(), List.of(), List.of());
    assertThat(Headline.of(section))
        .extracting(Headline.Line::what, Headline.Line::value)
        .containsExactly(
            tuple("decodable", "yes"),
            tuple("survives controls", "not tested"),
            tuple("best: means, layer 1 resid_post", "0.900"),
            tuple("nested AUROC", "0.850 [0.800, 0.900]"),
            tuple("bag of words", "0.600"));
  }

  @Test
  void aFigureWhoseTextIsNotJsonIsRefusedByName() {
    Figure figure = Figure.of("bad", "t", "c", "{", List.of());
    assertThatThrownBy(() -> VegaLite.complete(figure))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("figure 'bad'");
  }

  private static Metric auroc(int layer, double value) {
    return Metric.of("auroc", value)
        .at(HookPoint.of(layer, "hook_resid_post"))
        .where("method", "means")
        .where("split", "grouped");
  }

  private static RunReport report() {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("name", HOSTILE);
    run.put("seed", 17L);
    return new RunReport(run, List.of(section(0.5)));
  }

  private static Section section(double value) {
    return new Section(
        "direction",
        "probe-linear",
        Section.Status.OK,
        List.of(Metric.of("a.metric", value).where("label", HOSTILE).n(3).unit("nats")),
        List.of(Table.of("t", HOSTILE, List.of("a", "b"), List.of(List.of(HOSTILE, 1.5)))),
        List.of(
            Figure.of(
                "curve",
                HOSTILE,
                HOSTILE,
                "{\"mark\": \"point\", \"data\": {\"name\": \"points\"}}",
                List.of(
                    Table.of("points", "p", List.of("x"), List.of(List.of((Object) HOSTILE)))))),
        List.of(
            Passage.of(
                "chain",
                HOSTILE,
                HOSTILE,
                HOSTILE,
                List.of(
                    Passage.Part.of(HOSTILE, "important", 1, HOSTILE, List.of()),
                    Passage.Part.of("so", HOSTILE, 0.25, "r", List.of(new Passage.Link(0, 0.5)))))),
        List.of(HOSTILE));
  }
}
