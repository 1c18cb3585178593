package dev.sonde.probe.stepimportance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is planted in the micro-chains of {@code models/microworld/make/microchains.py}, computed
 * anew from their texts. The rows are those of {@code python microchains.py 60 chains.jsonl}.
 */
class MicrochainsTest {
  private static final int MODULUS = 61;
  private static final Pattern STEP =
      Pattern.compile("([A-Z]+) ([-+*])(\\d+) ([a-z]+) (\\d+) : ([a-z]+) (\\d+) \\.");
  private static final Pattern ASKED = Pattern.compile("what is ([a-z + ]+) \\?");
  private static final Pattern GIVEN = Pattern.compile("(?:Q :|\\.) ([a-z]+) (\\d+)(?= \\.)");

  private static final List<Row> ROWS = new ArrayList<>();

  private record Row(
      String question,
      int answer,
      List<String> steps,
      List<Boolean> needed,
      List<Integer> either,
      boolean direct) {
    List<MatchResult> parsed() {
      return steps.stream()
          .map(step -> STEP.matcher(step).results().findFirst().orElseThrow())
          .toList();
    }

    List<String> asked() {
      MatchResult asked = ASKED.matcher(question).results().findFirst().orElseThrow();
      return List.of(asked.group(1).split(" \\+ ", -1));
    }

    Map<String, Integer> given() {
      Map<String, Integer> given = new HashMap<>();
      GIVEN.matcher(question).results().forEach(g -> given.put(g.group(1), number(g.group(2))));
      return given;
    }

    /** The steps in whose text a variable stands with its value. */
    List<Integer> stating(String variable) {
      Pattern stated = Pattern.compile("\\b" + variable + " \\d+ [:.]");
      return IntStream.range(0, steps.size())
          .filter(step -> stated.matcher(steps.get(step)).find())
          .boxed()
          .toList();
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  @BeforeAll
  static void readRows() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            MicrochainsTest.class.getResourceAsStream("/microchains/chains.jsonl"))) {
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(
              line ->
                  ROWS.add(
                      new Row(
                          list(line, "question", "\"([^\"]*)\"").getFirst(),
                          number(list(line, "answer", "\"([^\"]*)\"").getFirst()),
                          list(line, "steps", "\"([^\"]*)\""),
                          list(line, "needed", "(true|false)").stream()
                              .map(Boolean::parseBoolean)
                              .toList(),
                          list(line, "either", "(\\d+)(?=[ \"])").stream()
                              .map(MicrochainsTest::number)
                              .toList(),
                          line.contains("\"direct\": true"))));
    }
  }

  /** The values of a field: of a list all of them. */
  private static List<String> list(String line, String field, String value) {
    int from = line.indexOf("\"" + field + "\": ") + field.length() + 4;
    int to = line.charAt(from) == '[' ? line.indexOf(']', from) : line.indexOf(", \"", from);
    return Pattern.compile(value)
        .matcher(line.substring(from, to))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void chainsHaveFifteenToThirtySteps() {
    assertThat(ROWS).hasSize(60).allSatisfy(row -> assertThat(row.steps()).hasSizeBetween(15, 30));
  }

  @Test
  void everyStepIsComputedRightAndTheAnswerIsTheSumOfTheAskedValues() {
    for (Row row : ROWS) {
      Map<String, Integer> values = row.given();
      assertThat(values).hasSize(4);
      for (MatchResult step : row.parsed()) {
        int operand = number(step.group(5));
        assertThat(values.get(step.group(4))).isEqualTo(operand);
        int by = number(step.group(3));
        int made =
            switch (step.group(2)) {
              case "+" -> operand + by;
              case "-" -> operand - by;
              default -> operand * by;
            };
        values.put(step.group(6), Math.floorMod(made, MODULUS));
        assertThat(number(step.group(7))).isEqualTo(values.get(step.group(6)));
      }
      int sum = row.asked().stream().mapToInt(values::get).sum();
      assertThat(row.answer()).isEqualTo(sum % MODULUS);
    }
  }

  @Test
  void neededStepsAreTheOnlyOnesThatStateAnAskedValueAndEitherOfTwoStatesTheThird() {
    for (Row row : ROWS) {
      List<Integer> alone = new ArrayList<>();
      List<Integer> twice = new ArrayList<>();
      for (String asked : row.asked()) {
        List<Integer> stating = row.stating(asked);
        (stating.size() == 1 ? alone : twice).addAll(stating);
      }
      assertThat(twice).isEqualTo(row.either());
      List<Integer> needed =
          IntStream.range(0, row.steps().size()).filter(s -> row.needed().get(s)).boxed().toList();
      assertThat(needed).hasSize(2).containsExactlyInAnyOrderElementsOf(alone);
    }
  }

  @Test
  void aGuessIsRightLessOftenThanOnceInFifty() {
    assertThat(1.0 / MODULUS).isLessThan(0.02);
    long most =
        ROWS.stream()
            .mapToLong(row -> ROWS.stream().filter(o -> o.answer() == row.answer()).count())
            .max()
            .orElseThrow();
    assertThat((double) most / ROWS.size()).as("the most frequent answer").isLessThan(0.1);
  }

  @Test
  void theShareOfNeededStepsDoesNotRiseWithTheirPlace() {
    int[] needed = new int[3];
    int[] all = new int[3];
    for (Row row : ROWS) {
      int steps = row.steps().size();
      for (int step = 0; step < steps; step++) {
        boolean carries = row.needed().get(step) || step == row.either().getFirst();
        needed[3 * step / steps] += carries ? 1 : 0;
        all[3 * step / steps]++;
      }
    }
    double[] shares = IntStream.range(0, 3).mapToDouble(t -> (double) needed[t] / all[t]).toArray();
    assertThat(shares[2] - shares[0]).isBetween(-0.05, 0.05);
    assertThat(shares[1] - shares[0]).isBetween(-0.05, 0.05);
  }

  @Test
  void inOneRowOfFiveTheAskedValuesAreOneRuleAwayFromTheGivenOnes() {
    assertThat(ROWS.stream().filter(Row::direct)).hasSize(12);
    for (Row row : ROWS.stream().filter(Row::direct).toList()) {
      for (MatchResult step : row.parsed()) {
        if (row.asked().contains(step.group(6))) {
          assertThat(row.given()).containsKey(step.group(4));
        }
      }
    }
  }
}
