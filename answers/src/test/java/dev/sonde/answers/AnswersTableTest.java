package dev.sonde.answers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Against answers.tsv: generated texts with what a person would judge of them, which
 * check_answers.py holds against Math-Verify.
 */
class AnswersTableTest {
  private static final Path TABLE = Path.of("src/test/resources/answers/answers.tsv");

  @TestFactory
  Stream<DynamicTest> answersAreJudgedAsAPersonWould() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> !line.startsWith("%"))
        .map(line -> line.split("\t", -1))
        .map(
            row ->
                DynamicTest.dynamicTest(
                    "%s: %s (%s)".formatted(row[0], row[1], row[2]),
                    () ->
                        assertThat(
                                AnswerParser.named(row[0])
                                    .judge(row[1].replace("<NL>", "\n"), List.of(row[2])))
                            .isEqualTo(Outcome.valueOf(row[3]))));
  }
}
