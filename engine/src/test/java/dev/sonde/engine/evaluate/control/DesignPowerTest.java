package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.data.DataSource;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.TextOnly;
import dev.sonde.engine.experiment.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DesignPowerTest {
  @Test
  void largeEffectsAreFoundInManyGroupsAndSmallOnesInFewSeldom() {
    List<Integer> many = powers(study(60, 5));
    assertThat(many).isSorted();
    assertThat(many.getLast()).isGreaterThan(95);
    List<Integer> few = powers(study(14, 5));
    assertThat(few.getFirst()).isLessThan(30);
    assertThat(few.get(2)).as("an AUROC of 0.8").isLessThan(many.get(2));
  }

  @Test
  void aDesignThatCannotTellIsSaidSoAtOnce() {
    assertThat(DesignPower.of(study(8, 10), 5, new Seeds(3)))
        .singleElement()
        .asString()
        .contains("nothing can be told", "4 groups hold", "six groups of each class at least");
  }

  @Test
  void withoutLabelsThereIsNothingToSay() {
    LabelledStudy study = study(20, 2);
    LabelledStudy plain =
        new LabelledStudy(
            "data",
            study.source(),
            study.examples(),
            Optional.empty(),
            study.groups(),
            Optional.empty(),
            List.of());
    assertThat(DesignPower.of(plain, 5, new Seeds(3))).isEmpty();
  }

  private static List<Integer> powers(LabelledStudy study) {
    String line = DesignPower.of(study, 5, new Seeds(3)).getFirst();
    Matcher matcher = Pattern.compile("in (\\d+) %").matcher(line);
    return matcher.results().map(found -> Integer.valueOf(found.group(1))).toList();
  }

  /** Groups of some rows, every other one positive. */
  private static LabelledStudy study(int groups, int rows) {
    boolean[] positive = new boolean[groups * rows];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = row / rows % 2 == 0;
    }
    List<Example> examples =
        IntStream.range(0, positive.length)
            .<Example>mapToObj(row -> new TextOnly("r" + row, "text " + row))
            .toList();
    return new LabelledStudy(
        "data",
        DataSource.of(Path.of("rows")),
        examples,
        Optional.of(Targets.binary(positive, "yes", "no")),
        IntStream.range(0, positive.length).mapToObj(row -> "g" + row / rows).toList(),
        Optional.empty(),
        List.of());
  }
}
