package dev.sonde.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sonde.api.report.Claim;
import dev.sonde.api.report.ClaimEvidence;
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
import java.util.Optional;
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
    String outsideOfPictures = markdown.replaceAll("(?s)```.*?```", "");
    assertThat(outsideOfPictures).contains("\\</script\\>").doesNotContain("| *bold*");
  }

  @Test
  void theOpeningIsTheQuestionThenEachClaimWithItsNumberAndStrongestRival() {
    Opening opening = Opening.of(evaluated());
    assertThat(opening.question()).contains("hold 'reasoning'");
    assertThat(opening.lines())
        .extracting(line -> line.answer().word(), Opening.Line::number, Opening.Line::rival)
        .containsExactly(
            tuple("yes", "nested AUROC 0.850 [0.810, 0.890]", "chance: 0.500"),
            tuple(
                "yes",
                "nested AUROC 0.850 [0.810, 0.890]",
                "strongest rival: length, 0.600 [0.560, 0.640]"));
  }

  @Test
  void thePictureHoldsTheHeadlineAgainstItsStrongestRival() {
    Picture picture = Opening.of(evaluated()).picture().orElseThrow();
    assertThat(picture.rows())
        .extracting(Picture.Row::what, Picture.Row::value)
        .containsExactly(tuple("nested AUROC", 0.85), tuple("length", 0.6));
    assertThat(picture.level()).isEqualTo(0.5);
    assertThat(picture.text())
        .hasSize(3)
        .first()
        .asString()
        .matches("nested AUROC  \\| +: +=+o=+ *\\|  0.850 \\[0.810, 0.890]");
  }

  @Test
  void allThreeRenderingsOpenWithTheClaimsAndFoldTheNumbers() {
    RunReport report = new RunReport(Map.of("name", "x"), List.of(evaluated()));
    String html = ReportHtml.render(report);
    String body = html.substring(html.indexOf("<main>"));
    assertThat(body)
        .containsSubsequence(
            "class=\"question\"",
            "class=\"claims\"",
            "nested AUROC 0.850",
            "strongest rival: length",
            "class=\"against\"",
            "Where it can be decoded",
            "<summary>All numbers</summary>",
            "optimism");
    assertThat(ReportMarkdown.render(report))
        .containsSubsequence(
            "hold 'reasoning'", "✓ yes", "strongest rival: length", "```", "<details>", "optimism");
  }

  @Test
  void theHeadlineIsTheFiguresThatTheClaimsRestOn() {
    assertThat(evaluated().headline())
        .extracting(Headline.Line::what, Headline.Line::value)
        .containsExactly(
            tuple("best: means, layer 1 resid_post", "0.900 [0.860, 0.940]"),
            tuple("nested AUROC", "0.850 [0.810, 0.890]"),
            tuple("optimism", "0.010 [-0.030, 0.050]"),
            tuple("length", "0.600 [0.560, 0.640]"),
            tuple("p, means", "0.010"));
  }

  @Test
  void noFileCanSayYesWithoutTheFiguresForIt() throws IOException {
    Path file = folder.resolve("section.json");
    Files.writeString(
        file,
        ReportJson.write(section(0.5))
            .replace("\"answer\" : \"cannot be told\"", "\"answer\" : \"yes\""));
    assertThat(file).content().contains("\"answer\" : \"yes\"");
    assertThat(ReportJson.readSection(file).claims().getFirst().answer())
        .isEqualTo(Claim.Answer.CANNOT_BE_TOLD);
  }

  @Test
  void theFiguresOfAnEvaluationAreMadeOfItsValues() {
    List<Figure> figures = evaluated().figures();
    assertThat(figures).extracting(Figure::name).containsExactly("layer_curve");
    assertThat(figures.getFirst().data().getFirst().rows())
        .containsExactly(
            List.of("means", 0, 0.8, 0.8 - 0.04, 0.8 + 0.04),
            List.of("means", 1, 0.9, 0.9 - 0.04, 0.9 + 0.04));
    assertThat(figures.getFirst().data().getLast().rows()).containsExactly(List.of("length", 0.6));
  }

  @Test
  void aSectionReadBackBeginsWithTheSameLines() throws IOException {
    Path file = folder.resolve("section.json");
    Files.writeString(file, ReportJson.write(evaluated()));
    assertThat(Opening.of(ReportJson.readSection(file))).isEqualTo(Opening.of(evaluated()));
    assertThat(ReportJson.write(ReportJson.readSection(file))).isEqualTo(Files.readString(file));
  }

  private static Section evaluated() {
    SectionWriter writer = new SectionWriter();
    writer.evaluated(
        new Findings()
            .tried("means", 0, 0.8)
            .tried("means", 1, 0.9)
            .nested(0.85)
            .permutations("means", 0.9, 0)
            .length(0.6)
            .margin(0.25)
            .evaluated());
    return writer.finish("p", "x", Section.Status.OK);
  }

  @Test
  void aFigureWhoseTextIsNotJsonIsRefusedByName() {
    Figure figure = Figure.of("bad", "t", "c", "{", List.of());
    assertThatThrownBy(() -> VegaLite.complete(figure))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("figure 'bad'");
  }

  private static RunReport report() {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("name", HOSTILE);
    run.put("seed", 17L);
    return new RunReport(run, List.of(section(0.5)));
  }

  /** Hostile in every text, with all that a claim may hold, and no test. */
  private static Claim claim() {
    Metric figure = Metric.of("f", 0.5).interval(0.4, 0.6);
    return ClaimEvidence.of("hostile", HOSTILE + "?")
        .above(HOSTILE, figure, 0.1, HOSTILE)
        .atMost(HOSTILE, Metric.of("g", 0.5), 1, HOSTILE)
        .rival(HOSTILE, figure, figure)
        .rival(new ClaimEvidence.Rival(HOSTILE, figure, Optional.empty()))
        .cannotTell(HOSTILE, HOSTILE)
        .overturnedBy(HOSTILE)
        .judged();
  }

  private static Section section(double value) {
    return new Section(
        "direction",
        "probe-linear",
        Section.Status.OK,
        HOSTILE,
        List.of(claim()),
        List.of(new Headline.Line(HOSTILE, HOSTILE, HOSTILE)),
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
                    Passage.Part.of(HOSTILE, "important", 1, HOSTILE, Map.of()),
                    Passage.Part.of("so", HOSTILE, 0.25, "r", Map.of(0, 0.5))))),
        List.of(HOSTILE),
        List.of("artifacts/direction.direction.gguf"));
  }
}
