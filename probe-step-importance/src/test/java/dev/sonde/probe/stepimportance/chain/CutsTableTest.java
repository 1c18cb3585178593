package dev.sonde.probe.stepimportance.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The cuts that a person made in chains of seven languages, with marks at the begin of steps. */
class CutsTableTest {
  private static final String MARK = "¦";

  private record Case(String name, List<String> steps) {}

  private static List<Case> cases() throws IOException {
    try (InputStream table =
        Objects.requireNonNull(CutsTableTest.class.getResourceAsStream("/cuts/chains.txt"))) {
      String all = new String(table.readAllBytes(), StandardCharsets.UTF_8);
      List<Case> cases = new ArrayList<>();
      for (String block : all.split("(?m)^@@ ", -1)) {
        int line = block.indexOf('\n');
        if (!cases.isEmpty() || !block.startsWith("Chains")) {
          String text = block.substring(line + 1).stripTrailing();
          cases.add(
              new Case(block.substring(0, line), Arrays.asList(text.split("(?=" + MARK + ")"))));
        }
      }
      return cases;
    }
  }

  @TestFactory
  List<DynamicTest> aChainIsCutWhereAPersonCutIt() throws IOException {
    return cases().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name(),
                    () -> {
                      List<String> steps =
                          each.steps().stream().map(step -> step.replace(MARK, "")).toList();
                      assertThat(Segmentation.named("sentences").cut(String.join("", steps)))
                          .isEqualTo(steps);
                    }))
        .toList();
  }

  @Test
  void theTableHasSixtyChainsOfSixLanguagesOrMore() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(60);
    assertThat(cases().stream().map(each -> each.name().split(" ", -1)[0]).distinct())
        .contains("en", "de", "fr", "es", "ru", "zh", "ja");
  }

  @Test
  void theAuthorsRuleCutsFewerOfThemSo() throws IOException {
    long alike =
        cases().stream()
            .filter(
                each -> {
                  List<String> steps =
                      each.steps().stream().map(step -> step.replace(MARK, "")).toList();
                  return Segmentation.named("authors").cut(String.join("", steps)).equals(steps);
                })
            .count();
    assertThat(alike).isLessThan(cases().size() / 2);
  }
}
