package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.data.Dataset.Entry;
import dev.sonde.engine.experiment.ConfigView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the labels of a data set are read: {@code label} names their column, {@code positive} and
 * {@code negative} which values are which class, {@code cut} where graded ones are parted, and
 * {@code class} what all rows of a further set are.
 */
final class LabelRule {
  private static final String LABEL = "label";
  private static final String CLASS = "class";
  private static final String POSITIVE = "positive";
  private static final String NEGATIVE = "negative";
  private static final String CUT = "cut";
  private static final String REST = "rest";

  /** Values that a message names at most. */
  private static final int NAMED = 12;

  private final ConfigView config;
  private final List<String> positive;
  private final List<String> negative;
  private final Optional<LabelRule> ofMain;

  private LabelRule(
      ConfigView config, List<String> positive, List<String> negative, Optional<LabelRule> ofMain) {
    this.config = config;
    this.positive = positive;
    this.negative = negative;
    this.ofMain = ofMain;
  }

  /**
   * The rule of the main data set, which must have two classes or graded labels.
   *
   * @throws InvalidInputException if its settings contradict each other
   */
  static LabelRule of(ConfigView config) {
    return checked(config, Optional.empty());
  }

  /**
   * The rule of a further set, which may hold one class. Where it names none, its class is what the
   * main data set means by it.
   *
   * @throws InvalidInputException if its settings contradict each other
   */
  static LabelRule ofSet(ConfigView config, LabelRule ofMain) {
    return checked(config, Optional.of(ofMain));
  }

  private static LabelRule checked(ConfigView config, Optional<LabelRule> ofMain) {
    LabelRule rule =
        new LabelRule(config, named(config, POSITIVE), named(config, NEGATIVE), ofMain);
    rule.check();
    return rule;
  }

  /** Whether it is of the main data set. */
  boolean main() {
    return ofMain.isEmpty();
  }

  /** Whether all rows have the column that it reads. */
  boolean hasColumn(List<Entry> entries) {
    return entries.stream().allMatch(entry -> entry.row().has(column()));
  }

  private boolean namesNoClass() {
    return positive.isEmpty() && negative.isEmpty();
  }

  private static List<String> named(ConfigView config, String key) {
    return config.has(key) ? config.strings(key) : List.of();
  }

  private void check() {
    if (config.has(CLASS) && main()) {
      throw config.error(
          CLASS, "is for further sets (sets:); the main data set needs two classes, in data.label");
    }
    if (config.has(CLASS) && config.has(LABEL)) {
      throw config.error(CLASS, "stands in place of label; leave one of them out");
    }
    if (config.has(CUT) && config.has(POSITIVE)) {
      throw config.error(
          CUT, "is for graded labels; leave out positive, which is for labels of classes");
    }
    Set<String> both = new HashSet<>(positive);
    both.retainAll(negative);
    if (!both.isEmpty()) {
      throw config.error(NEGATIVE, "'%s' is positive as well".formatted(both.iterator().next()));
    }
  }

  /** Whether some rows have the column that it reads. */
  boolean hasSome(List<Entry> entries) {
    return entries.stream().anyMatch(entry -> entry.row().has(column()));
  }

  /**
   * The labels of some rows whose column an earlier probe makes: rows that it gave none are not
   * asked about. As long as no row has it, labels are awaited.
   */
  Labels ofMade(List<Entry> entries) {
    if (!hasSome(entries)) {
      return main()
          ? Labels.awaited(entries, !positive.isEmpty() || !negative.isEmpty())
          : Labels.none(entries);
    }
    int[] having =
        IntStream.range(0, entries.size())
            .filter(i -> entries.get(i).row().has(column()))
            .toArray();
    Labels labels = of(IntStream.of(having).mapToObj(entries::get).toList());
    int[] rows = IntStream.of(labels.rows()).map(i -> having[i]).toArray();
    return new Labels(rows, labels.targets(), labels.classes(), labels.remarks());
  }

  /** Whether a row can belong to the question: not if both classes are named and it is neither. */
  boolean asks(Columns row) {
    if (!config.has(LABEL) || positive.isEmpty() || negative.isEmpty() || takesRest()) {
      return true;
    }
    String value = row.text(config.string(LABEL));
    return positive.contains(value) || negative.contains(value);
  }

  private boolean takesRest() {
    return negative.equals(List.of(REST));
  }

  /**
   * The labels of some rows.
   *
   * @throws InvalidInputException saying which setting mends it, if they are no two classes and no
   *     numbers
   */
  Labels of(List<Entry> entries) {
    int[] rows =
        IntStream.range(0, entries.size()).filter(i -> asks(entries.get(i).row())).toArray();
    List<Columns> asked = IntStream.of(rows).mapToObj(i -> entries.get(i).row()).toList();
    boolean noneAsked = rows.length == 0 && !main();
    if (noneAsked || (!config.has(CLASS) && !config.has(LABEL))) {
      return Labels.none(entries);
    }
    List<String> labels =
        asked.stream()
            .map(row -> config.has(CLASS) ? config.string(CLASS) : row.text(column()))
            .toList();
    Set<String> distinct = new TreeSet<>(labels);
    if (namesNoClass() && distinct.size() == 1 && !main()) {
      LabelRule ofData = ofMain.orElseThrow();
      return new LabelRule(config, ofData.positive, ofData.negative, ofMain).classes(rows, labels);
    }
    if (namesNoClass() && distinct.size() > 1) {
      return unnamed(rows, asked, labels, distinct);
    }
    if (config.has(CUT)) {
      return graded(rows, asked, distinct);
    }
    return classes(rows, labels);
  }

  /** Labels of which nobody said what is positive: two numbers, or more, or else a question. */
  private Labels unnamed(
      int[] rows, List<Columns> asked, List<String> labels, Set<String> distinct) {
    if (!asked.stream().allMatch(this::isNumber)) {
      if (config.has(CUT)) {
        throw config.error(
            CUT, "column '%s' holds no numbers: %s".formatted(column(), some(distinct)));
      }
      throw config.error(
          LABEL,
          "say which label of column '%s' is the positive one: data.positive, one of %s%s"
              .formatted(
                  column(),
                  some(distinct),
                  distinct.size() > 2 ? ", and data.negative, one of them, a list, or rest" : ""));
    }
    List<Double> numbers = asked.stream().map(this::number).distinct().sorted().toList();
    if (numbers.size() == 2 && !config.has(CUT)) {
      boolean[] high = new boolean[rows.length];
      for (int i = 0; i < high.length; i++) {
        high[i] = number(asked.get(i)) == numbers.getLast();
      }
      String upper = written(labels, high, true);
      String lower = written(labels, high, false);
      return new Labels(
          rows,
          Optional.of(Targets.binary(high, upper, lower)),
          labels,
          List.of(
              "Column '%s' holds two numbers, so they are two classes, and '%s' is the positive one; data.positive says otherwise."
                  .formatted(column(), upper)));
    }
    return graded(rows, asked, distinct);
  }

  private static String written(List<String> labels, boolean[] high, boolean which) {
    return IntStream.range(0, high.length)
        .filter(i -> high[i] == which)
        .mapToObj(labels::get)
        .findFirst()
        .orElseThrow();
  }

  private String column() {
    return config.string(LABEL);
  }

  private boolean isNumber(Columns row) {
    try {
      return Double.isFinite(row.number(column()).orElseThrow());
    } catch (InvalidInputException e) {
      return false;
    }
  }

  private double number(Columns row) {
    return row.number(column()).orElseThrow();
  }

  private Labels graded(int[] rows, List<Columns> asked, Set<String> distinct) {
    double[] values = asked.stream().mapToDouble(this::number).toArray();
    if (!config.has(CUT)) {
      return new Labels(
          rows,
          Optional.of(Targets.real(values)),
          List.of(),
          List.of(
              "The %d numbers in column '%s' are graded labels; where classes are needed they are parted at their mean, or at data.cut. Numbers that are names of classes need data.positive."
                  .formatted(distinct.size(), column())));
    }
    double cut = config.real(CUT);
    Targets targets = Targets.real(values, cut);
    if (!targets.classes().vary()) {
      throw config.error(
          CUT, "all labels of column '%s' lie on one side of %s".formatted(column(), cut));
    }
    return new Labels(rows, Optional.of(targets), List.of(), List.of());
  }

  private Labels classes(int[] rows, List<String> labels) {
    Set<String> distinct = new TreeSet<>(labels);
    boolean[] isPositive = new boolean[rows.length];
    for (int i = 0; i < isPositive.length; i++) {
      isPositive[i] =
          positive.isEmpty() ? !negative.contains(labels.get(i)) : positive.contains(labels.get(i));
    }
    requireClasses(distinct);
    Set<String> others =
        distinct.stream()
            .filter(value -> !positive.contains(value))
            .collect(Collectors.toCollection(TreeSet::new));
    String positiveName = positive.isEmpty() ? "the other class" : String.join(" or ", positive);
    Targets targets = Targets.binary(isPositive, positiveName, negativeName(others));
    return new Labels(
        rows,
        Optional.of(targets),
        labels,
        targets.vary()
            ? List.of()
            : List.of(
                "All %d rows of a further set are of the class '%s': %s."
                    .formatted(
                        rows.length,
                        targets.positive(0) ? positiveName : targets.negativeName(),
                        some(distinct))));
  }

  private String negativeName(Set<String> others) {
    if (!negative.isEmpty() && !takesRest()) {
      return String.join(" or ", negative);
    }
    return others.size() == 1 ? others.iterator().next() : REST;
  }

  private void requireClasses(Set<String> distinct) {
    String key = config.has(CLASS) ? CLASS : LABEL;
    if (namesNoClass() || (main() && distinct.size() < 2)) {
      throw config.error(
          key,
          main()
              ? "column '%s' has one value only: %s".formatted(column(), distinct)
              : "all rows are %s: say with positive or negative which class that is, here or in data"
                  .formatted(distinct));
    }
    if (main()) {
      requireSeen(POSITIVE, positive, distinct);
      if (!takesRest()) {
        requireSeen(NEGATIVE, negative, distinct);
      }
    }
    Set<String> unnamed = new TreeSet<>(distinct);
    positive.forEach(unnamed::remove);
    if (negative.isEmpty() && unnamed.size() > 1) {
      throw config.error(
          key,
          "column '%s' has %d values, two are needed: %s; say with data.negative what stands against '%s': one of them, a list, or rest"
              .formatted(column(), distinct.size(), some(distinct), String.join(" or ", positive)));
    }
    if (main() && positive.isEmpty()) {
      throw config.error(
          NEGATIVE, "say as well which is the positive class: data.positive, one of " + distinct);
    }
    if (main() && unnamed.isEmpty()) {
      throw config.error(POSITIVE, "every label is positive; name one class less");
    }
  }

  private void requireSeen(String key, List<String> values, Set<String> distinct) {
    for (String value : values) {
      if (!distinct.contains(value)) {
        throw config.error(
            key, "no row has the label '%s'; the labels are %s".formatted(value, some(distinct)));
      }
    }
  }

  private static String some(Set<String> values) {
    return values.size() <= NAMED
        ? values.toString()
        : "%s, … %d in all"
            .formatted(
                new ArrayList<>(values).subList(0, NAMED).toString().replace("]", ""),
                values.size())
            .concat("]");
  }
}
