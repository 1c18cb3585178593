package dev.sonde.probe.stepimportance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is planted in the micro-chains of {@code models/microchains/make/microchains.py}, computed
 * anew from their texts. The rows are those of {@code python microchains.py 60 chains.jsonl}.
 */
class MicrochainsTest {
  private static final Pattern WHOLE =
      Pattern.compile("([A-Z]+) ([a-z]+) ([a-z]+) ([a-z]+) (\\d) ([a-h]) \\.");
  private static final Pattern HALF =
      Pattern.compile("([A-Z]+) (left|right) ([a-z]+) ([a-z]+) ([\\da-h]) \\.");
  private static final Pattern ASKED = Pattern.compile("what is ([a-z + ]+) \\?");
  private static final Pattern GIVEN =
      Pattern.compile("(?:Q :|\\.) ([a-z]+) (\\d) ([a-h])(?= \\.)");

  private static final List<Row> ROWS = new ArrayList<>();

  private record Row(
      String question,
      String answer,
      List<String> steps,
      List<Boolean> needed,
      List<String> halves,
      boolean direct) {
    List<String> asked() {
      Matcher asked = ASKED.matcher(question);
      assertThat(asked.find()).isTrue();
      return List.of(asked.group(1).split(" \\+ ", -1));
    }

    Map<String, String> given() {
      Map<String, String> given = new HashMap<>();
      GIVEN
          .matcher(question)
          .results()
          .forEach(g -> given.put(g.group(1), g.group(2) + " " + g.group(3)));
      return given;
    }

    List<Integer> neededSteps() {
      return IntStream.range(0, steps.size()).filter(needed::get).boxed().toList();
    }

    /** The steps that say anything of a variable's value. */
    Set<Integer> stating(String variable) {
      Pattern stated = Pattern.compile("\\b" + variable + " [\\da-h]\\b");
      Set<Integer> found = new HashSet<>();
      IntStream.range(0, steps.size())
          .filter(step -> stated.matcher(steps.get(step)).find())
          .forEach(found::add);
      return found;
    }
  }

  @BeforeAll
  static void readRows() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            MicrochainsTest.class.getResourceAsStream("/microchains/chains.jsonl"))) {
      new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(MicrochainsTest::add);
    }
  }

  private static void add(String line) {
    ROWS.add(
        new Row(
            list(line, "question", "\"([^\"]*)\"").getFirst(),
            list(line, "answer", "\"([^\"]*)\"").getFirst(),
            list(line, "steps", "\"([^\"]*)\""),
            list(line, "needed", "(true|false)").stream().map(Boolean::parseBoolean).toList(),
            list(line, "halves", "\"([^\"]*)\""),
            line.contains("\"direct\": true")));
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

  private static List<Row> reasoned() {
    return ROWS.stream().filter(row -> !row.direct()).toList();
  }

  @Test
  void chainsHaveFifteenToThirtySteps() {
    assertThat(ROWS).hasSize(60).allSatisfy(row -> assertThat(row.steps()).hasSizeBetween(15, 30));
  }

  @Test
  void everyStepTakesWhatItSaysAndTheAnswerStatesTheAskedValues() {
    for (Row row : ROWS) {
      Map<String, String> values = row.given();
      assertThat(values).hasSize(8);
      Map<String, String> halves = new HashMap<>();
      for (String step : row.steps()) {
        Matcher whole = WHOLE.matcher(step);
        Matcher half = HALF.matcher(step);
        if (whole.matches()) {
          String value =
              digit(values.get(whole.group(2))) + " " + letter(values.get(whole.group(3)));
          assertThat(whole.group(5) + " " + whole.group(6)).as(step).isEqualTo(value);
          values.put(whole.group(4), value);
        } else {
          assertThat(half.matches()).as(step).isTrue();
          boolean left = half.group(2).equals("left");
          String of = values.get(half.group(3));
          assertThat(half.group(5)).as(step).isEqualTo(left ? digit(of) : letter(of));
          halves.put(half.group(4) + " " + half.group(2), half.group(5));
        }
      }
      StringBuilder answer = new StringBuilder();
      row.asked().forEach(name -> answer.append(name + " " + values.get(name) + " "));
      assertThat(row.answer()).isEqualTo(answer.toString().strip());
    }
  }

  private static String digit(String value) {
    return value.substring(0, 1);
  }

  private static String letter(String value) {
    return value.substring(2);
  }

  @Test
  void nothingButTheNeededStepsAndTheirHalvesTellsAnAskedValue() {
    for (Row row : reasoned()) {
      Set<Integer> telling = new HashSet<>();
      row.asked().forEach(name -> telling.addAll(row.stating(name)));
      Set<Integer> planted = new HashSet<>(row.neededSteps());
      row.halves().forEach(path -> numbers(path).forEach(planted::add));
      assertThat(telling).isEqualTo(planted);
    }
  }

  @Test
  void twoOfTheAskedValuesAreStatedAgainByHalvesBehindTheStepsThatReadThem() {
    for (Row row : reasoned()) {
      assertThat(row.halves()).hasSize(2);
      for (String path : row.halves()) {
        List<Integer> steps = numbers(path);
        Matcher whole = WHOLE.matcher(row.steps().get(steps.getFirst()));
        assertThat(whole.matches()).isTrue();
        List<Integer> readers =
            IntStream.range(0, row.steps().size())
                .filter(
                    step ->
                        row.steps()
                            .get(step)
                            .matches("[A-Z]+ .*\\b" + whole.group(4) + " [a-z]+ .*"))
                .boxed()
                .toList();
        int second = Math.min(steps.get(1), steps.get(2));
        assertThat(readers).as("readers of %s", whole.group(4)).anyMatch(r -> r < second);
        for (int half : steps.subList(1, 3)) {
          Matcher stated = HALF.matcher(row.steps().get(half));
          assertThat(stated.matches()).isTrue();
          assertThat(stated.group(4)).isEqualTo(whole.group(4));
        }
      }
    }
  }

  private static List<Integer> numbers(String text) {
    return Pattern.compile(" ").splitAsStream(text).map(Integer::parseInt).toList();
  }

  @Test
  void aGuessIsRightLessOftenThanOnceInFifty() {
    int digits = 8;
    int letters = 8;
    assertThat(1.0 / (digits * letters)).isLessThan(0.02);
    for (Row row : reasoned()) {
      List<String> asked = List.of(row.answer().split("(?<=[a-h]) (?=[a-z]{2})", -1));
      Set<String> values = new HashSet<>();
      asked.forEach(each -> values.add(each.substring(3)));
      assertThat(values).hasSize(3).doesNotContainAnyElementsOf(row.given().values());
    }
  }

  @Test
  void theShareOfNeededStepsDoesNotRiseWithTheirPlace() {
    int[] needed = new int[3];
    int[] all = new int[3];
    for (Row row : reasoned()) {
      int steps = row.steps().size();
      for (int step = 0; step < steps; step++) {
        needed[3 * step / steps] += row.needed().get(step) ? 1 : 0;
        all[3 * step / steps]++;
      }
    }
    double[] shares = IntStream.range(0, 3).mapToDouble(t -> (double) needed[t] / all[t]).toArray();
    assertThat(shares[2] - shares[0]).isBetween(-0.05, 0.05);
    assertThat(shares[1] - shares[0]).isBetween(-0.05, 0.05);
  }

  @Test
  void inOneRowOfTenTheAskedValuesAreGiven() {
    assertThat(ROWS.stream().filter(Row::direct)).hasSize(6);
    for (Row row : ROWS.stream().filter(Row::direct).toList()) {
      assertThat(row.given()).containsKeys(row.asked().toArray(String[]::new));
      assertThat(row.neededSteps()).isEmpty();
    }
  }
}
