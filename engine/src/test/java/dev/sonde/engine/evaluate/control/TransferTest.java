package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.data.DataSource;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.TextOnly;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransferTest {
  private static final Matrix NOTHING = Matrix.zeros(Matrix.Type.FLOAT32, 40, 1);
  private static final int ROWS = 40;
  private static final HookPoint POINT = HookPoint.of(0, "hook_resid_post");

  @Test
  void aDirectionThatBothSetsShareCarriesOver() {
    assertThat(value(transfer(set("data", 1, 0), set("other", 1, 100)), "data", "other"))
        .isEqualTo(1);
  }

  @Test
  void aDirectionThatIsTurnedRoundIsSeenAsSuch() {
    assertThat(value(transfer(set("data", 1, 0), set("other", -1, 100)), "data", "other")).isZero();
    assertThat(value(transfer(set("data", 1, 0), set("other", -1, 100)), "other", "other"))
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void rowsThatBothSetsHoldAreLeftOut() {
    Transfer.Result transfer = transfer(set("data", 1, 0), set("other", 1, 30));
    assertThat(found(transfer, "data", "other").rows()).isEqualTo(30);
    assertThat(transfer.notes()).anyMatch(note -> note.contains("10 rows of other"));
  }

  @Test
  void rowsOfGroupsThatBothSetsHoldAreLeftOut() {
    Transfer.Result transfer = transfer(set("data", 1, 0), set("other", 1, 100, "data"));
    assertThat(transfer.found()).noneMatch(one -> !one.from().equals(one.to()));
    assertThat(transfer.notes())
        .anyMatch(
            note ->
                note.contains(
                    "40 rows of other have a group of data as well (10 groups: data0, data1, data2, …)"));
  }

  @Test
  void theIntervalIsOfBothSides() {
    Transfer.Found found =
        found(transfer(set("data", 1, 0), set("other", 1, 100)), "data", "other");
    assertThat(found.merit().low()).isCloseTo(Math.pow(0.025, 0.1), within(1e-9));
    assertThat(found.merit().high()).isEqualTo(1);
  }

  @Test
  void whatNeedsNoModelIsCarriedOverAsWell() {
    Transfer.Result transfer = transfer(set("data", 1, 0), set("other", 1, 100));
    Transfer.Found found = found(transfer, "data", "other");
    Transfer.Over over = found.over().orElseThrow();
    assertThat(over.margin().value())
        .isCloseTo(found.merit().value() - over.merit().value(), within(1e-12));
    assertThat(over.margin().low()).isLessThan(over.margin().value());
    assertThat(transfer.carried())
        .filteredOn(rival -> rival.from().equals("data"))
        .extracting(rival -> rival.words().name())
        .contains("bag_of_words", "characters", "length", "last_word", "embedding");
    assertThat(transfer.metrics())
        .anyMatch(metric -> metric.name().equals("transfer.baseline.bag_of_words"))
        .anyMatch(metric -> metric.name().equals("transfer.margin"));
  }

  @Test
  void aWordThatBothSetsShareCarriesAsFarAsADirection() {
    Transfer.Result transfer = transfer(worded(set("data", 1, 0)), worded(set("other", 1, 100)));
    Transfer.Over over = found(transfer, "data", "other").over().orElseThrow();
    assertThat(over.merit().value()).isEqualTo(1);
    assertThat(over.margin().value()).isZero();
    assertThat(over.margin().low()).isNegative();
  }

  @Test
  void rowsThatAreNearlyATextOfTheOtherSetAreNamedAndScored() {
    Transfer.Result transfer = transfer(worded(set("data", 1, 0)), worded(set("other", 1, 100)));
    assertThat(transfer.notes())
        .anyMatch(note -> note.contains("are nearly a text of data, such as"));
    assertThat(found(transfer, "data", "other").rows()).isEqualTo(ROWS);
  }

  /** The same with texts that give the label away, and hold little else. */
  private static SetFeatures worded(SetFeatures set) {
    LabelledStudy study = set.study();
    Targets targets = study.targets().orElseThrow();
    List<Example> examples =
        IntStream.range(0, ROWS)
            .<Example>mapToObj(
                row -> {
                  String id = study.examples().get(row).id();
                  String word = targets.positive(row) ? "yes" : "no";
                  return new TextOnly(
                      id, "it is said of all of them by all of us that it is " + word + " " + id);
                })
            .toList();
    LabelledStudy worded =
        new LabelledStudy(
            study.name(),
            study.source(),
            examples,
            study.targets(),
            study.groups(),
            Optional.empty(),
            List.of());
    return new SetFeatures(worded, set.sites(), Optional.of(NOTHING), Optional.of(NOTHING));
  }

  @Test
  void twoSetsOfOneClassEachAreOneToCarryOverTo() {
    Transfer.Result transfer =
        transfer(
            set("data", 1, 0),
            List.of(half(set("high", 1, 100), true), half(set("low", 1, 200), false)));
    assertThat(found(transfer, "data", "high+low").rows()).isEqualTo(ROWS);
    assertThat(value(transfer, "data", "high+low")).isEqualTo(1);
  }

  @Test
  void aSetOfOneClassAloneIsNamedAsSuch() {
    Transfer.Result transfer =
        transfer(set("data", 1, 0), List.of(half(set("high", 1, 100), true)));
    assertThat(transfer.found()).allMatch(one -> one.to().equals("data"));
    assertThat(transfer.notes()).anyMatch(note -> note.contains("all its rows are of one class"));
  }

  /** The rows of one class of a set. */
  private static SetFeatures half(SetFeatures set, boolean positive) {
    LabelledStudy study = set.study();
    Targets targets = study.targets().orElseThrow();
    int[] rows =
        IntStream.range(0, ROWS).filter(row -> targets.positive(row) == positive).toArray();
    LabelledStudy chosen =
        new LabelledStudy(
            study.name(),
            study.source(),
            IntStream.of(rows).mapToObj(study.examples()::get).toList(),
            Optional.of(targets.select(rows)),
            IntStream.of(rows).mapToObj(study.groups()::get).toList(),
            Optional.empty(),
            List.of());
    return new SetFeatures(chosen, Map.of(POINT, set.at(POINT).select(rows)));
  }

  private static Transfer.Result transfer(SetFeatures main, SetFeatures other) {
    return transfer(main, List.of(other));
  }

  private static Transfer.Result transfer(SetFeatures main, List<SetFeatures> others) {
    EvaluationPart settings = new EvaluationPart(4, 3, 9, 0, 50, 2, false);
    Seeds seeds = new Seeds(3);
    Targets targets = main.study().targets().orElseThrow();
    EvaluationRun run =
        new EvaluationRun(
            new EvaluationInput(
                main,
                Map.of(),
                others,
                Map.of("first", firstFeature()),
                NOTHING,
                NOTHING,
                List.of(),
                List.of()),
            targets,
            List.of(Folds.splits(Folds.grouped(main.study().groups(), 4, seeds.random("folds")))),
            settings,
            seeds,
            new PlainLinearAlgebra(),
            Progress.NONE);
    return (Transfer.Result) new Transfer().measure(run).among(run.working());
  }

  private static double value(Transfer.Result transfer, String from, String to) {
    return found(transfer, from, to).merit().value();
  }

  private static Transfer.Found found(Transfer.Result transfer, String from, String to) {
    return transfer.found().stream()
        .filter(one -> from.equals(one.from()) && to.equals(one.to()))
        .findFirst()
        .orElseThrow();
  }

  /** Rows whose only feature is the label, possibly turned round; texts are numbers. */
  private static SetFeatures set(String name, double sign, int firstText) {
    return set(name, sign, firstText, name);
  }

  private static SetFeatures set(String name, double sign, int firstText, String groupsOf) {
    boolean[] positive = new boolean[ROWS];
    Matrix features = Matrix.zeros(Matrix.Type.FLOAT32, ROWS, 1);
    for (int row = 0; row < ROWS; row++) {
      positive[row] = row % 2 == 0;
      features.set(row, 0, positive[row] ? sign : -sign);
    }
    List<Example> examples =
        IntStream.range(firstText, firstText + ROWS)
            .<Example>mapToObj(n -> new TextOnly("" + n, "" + n))
            .toList();
    List<String> groups = IntStream.range(0, ROWS).mapToObj(row -> groupsOf + row / 4).toList();
    LabelledStudy study =
        new LabelledStudy(
            name,
            DataSource.of(Path.of(name)),
            examples,
            Optional.of(Targets.binary(positive)),
            groups,
            Optional.empty(),
            List.of());
    return new SetFeatures(
        study, Map.of(POINT, features), Optional.of(NOTHING), Optional.of(NOTHING));
  }

  /** Learns only in which class the feature is larger. */
  private static Decoder firstFeature() {
    return (train, targets) -> {
      double[] row = new double[1];
      double slope = 0;
      for (int r = 0; r < train.rows(); r++) {
        train.copyRow(r, row);
        slope += (targets.value(r) - targets.mean()) * row[0];
      }
      return Scorer.linear(new double[] {Math.signum(slope)}, 0);
    };
  }
}
