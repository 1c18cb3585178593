package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.AtOnce;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.HeldOutOrder;
import dev.sonde.engine.evaluate.fit.LabelColumns;
import dev.sonde.engine.evaluate.fit.Labelings;
import dev.sonde.engine.evaluate.fit.Measure.Contribution;
import dev.sonde.engine.evaluate.fit.Question;
import dev.sonde.engine.evaluate.fit.Question.Held;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.host.Progress;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What exchanged labels reach: per decoder and labeling, the largest figure over all hook points,
 * which is a mean over partitions into folds. Every decoder is given the same labelings, so that
 * the largest over decoders is known as well. The first labeling is the observed one: it goes the
 * same way as all others.
 */
final class NullDistribution {
  /** Labelings that are fitted at once: bounds memory. */
  private static final int AT_ONCE = 256;

  /** Labels of all of them. */
  private static final int LABELS_AT_ONCE = 1 << 22;

  /** From so many rows on counting pairs is worth several threads. */
  private static final int MANY = 4096;

  private final List<CrossValidation> partitions;
  private final List<List<Held>> held;
  private final Groups groups;
  private final List<Question> questions;
  private final List<Labelings> labelings = new ArrayList<>();
  private final int count;
  private final Map<String, Map<Question, double[]>> largest = new LinkedHashMap<>();

  /**
   * Of some labelings.
   *
   * @param labelings the observed one first
   * @param questions what is asked of the held-out scores
   */
  NullDistribution(
      List<CrossValidation> partitions,
      List<Targets> labelings,
      Groups groups,
      List<Question> questions) {
    this.partitions = partitions;
    this.groups = groups;
    this.questions = questions;
    this.count = labelings.size();
    this.held =
        partitions.stream()
            .map(one -> one.splits().stream().map(split -> Held.of(split, groups)).toList())
            .toList();
    int some = Math.clamp(LABELS_AT_ONCE / groups.rows(), 1, AT_ONCE);
    for (int from = 0; from < labelings.size(); from += some) {
      int to = Math.min(from + some, labelings.size());
      this.labelings.add(new Labelings(labelings.subList(from, to)));
    }
  }

  /**
   * Fits decoders to all labelings of several distributions over the same partitions, at all hook
   * points. Decoders of known form are fitted once for all of them where rows are few.
   */
  static void draw(
      List<NullDistribution> some,
      Map<String, Decoder> decoders,
      Collection<Matrix> sites,
      Attempts attempts,
      LinearAlgebra algebra,
      Progress at) {
    Map<String, LinearForm> forms = new LinkedHashMap<>();
    decoders.forEach((name, decoder) -> decoder.linearForm().ifPresent(f -> forms.put(name, f)));
    List<Matrix> few = sites.stream().filter(HeldOutOrder::suits).toList();
    if (!few.isEmpty() && !forms.isEmpty()) {
      LabelColumns labels =
          LabelColumns.of(some.stream().flatMap(one -> one.targets().stream()).toList());
      AtOnce.each(
              few,
              features -> ordered(some, features, forms, labels, algebra),
              done -> at.at(stage(decoders), done, sites.size()))
          .forEach(
              site -> {
                for (int d = 0; d < site.size(); d++) {
                  NullDistribution one = some.get(d);
                  site.get(d).forEach((name, sums) -> one.raise(name, sums, 0));
                }
              });
    }
    some.forEach(one -> one.draw(decoders, forms.keySet(), sites, attempts, at));
  }

  private static String stage(Map<String, Decoder> decoders) {
    return "permutations for " + String.join(", ", decoders.keySet());
  }

  private List<Targets> targets() {
    return labelings.stream().flatMap(one -> one.all().stream()).toList();
  }

  /** All labelings of each distribution at one hook point, of decoders of known form. */
  private static List<Map<String, Sums>> ordered(
      List<NullDistribution> some,
      Matrix features,
      Map<String, LinearForm> forms,
      LabelColumns labels,
      LinearAlgebra algebra) {
    HeldOutOrder order = new HeldOutOrder(features, algebra);
    List<Map<String, Sums>> sums = new ArrayList<>();
    some.forEach(one -> sums.add(new LinkedHashMap<>()));
    NullDistribution first = some.getFirst();
    for (int p = 0; p < first.partitions.size(); p++) {
      Map<String, double[][]> scores =
          first.partitions.get(p).ordered(order, features, forms, labels);
      for (String name : forms.keySet()) {
        double[][] ofAll = scores.getOrDefault(name, new double[0][]);
        int from = 0;
        for (int d = 0; d < some.size(); d++) {
          NullDistribution one = some.get(d);
          int to = from + one.count;
          one.add(
              sums.get(d).computeIfAbsent(name, n -> one.new Sums(one.count)),
              p,
              Arrays.copyOfRange(ofAll, from, to),
              labels.all().subList(from, to));
          from = to;
        }
      }
    }
    return sums;
  }

  private void draw(
      Map<String, Decoder> decoders,
      Set<String> ofKnownForm,
      Collection<Matrix> sites,
      Attempts attempts,
      Progress at) {
    int done = 0;
    for (Matrix features : sites) {
      at.at(stage(decoders), done++, sites.size());
      Map<String, Decoder> others = new LinkedHashMap<>(decoders);
      if (HeldOutOrder.suits(features)) {
        others.keySet().removeAll(ofKnownForm);
      }
      int from = 0;
      for (Labelings some : labelings) {
        Map<String, Sums> sums = new LinkedHashMap<>();
        for (int p = 0; p < partitions.size(); p++) {
          for (Map.Entry<String, Decoder> decoder : others.entrySet()) {
            int partition = p;
            Sums ofDecoder =
                sums.computeIfAbsent(decoder.getKey(), name -> new Sums(some.all().size()));
            attempts.attempt(
                decoder.getKey(),
                "permutations",
                () -> {
                  double[][] scores =
                      partitions.get(partition).scores(split -> features, decoder.getValue(), some);
                  add(ofDecoder, partition, scores, some.all());
                  return ofDecoder;
                });
          }
        }
        int first = from;
        sums.forEach((name, ofDecoder) -> raise(name, ofDecoder, first));
        from += some.all().size();
      }
    }
  }

  /** What labelings contribute to each question, over partitions. */
  private final class Sums {
    private final Map<Question, Contribution[]> each = new EnumMap<>(Question.class);

    Sums(int labelings) {
      for (Question question : questions) {
        Contribution[] none = new Contribution[labelings];
        Arrays.fill(none, Contribution.NONE);
        each.put(question, none);
      }
    }
  }

  private void add(Sums sums, int partition, double[][] scores, List<Targets> labels) {
    IntStream each = IntStream.range(0, scores.length);
    (groups.rows() < MANY ? each : each.parallel())
        .forEach(l -> add(sums, l, partition, scores[l], labels.get(l)));
  }

  private void add(Sums sums, int labeling, int partition, double[] scores, Targets labels) {
    for (Held fold : held.get(partition)) {
      Map<Question, Contribution> said = Question.once(scores, labels, fold, groups, questions);
      for (Map.Entry<Question, Contribution[]> each : sums.each.entrySet()) {
        Contribution more = said.getOrDefault(each.getKey(), Contribution.NONE);
        each.getValue()[labeling] = each.getValue()[labeling].plus(more);
      }
    }
  }

  private void raise(String decoder, Sums sums, int from) {
    Map<Question, double[]> reached = largest.computeIfAbsent(decoder, name -> nothing());
    sums.each.forEach(
        (question, contributions) -> {
          double[] most = reached.getOrDefault(question, new double[0]);
          for (int l = 0; l < contributions.length; l++) {
            most[from + l] = Math.max(most[from + l], Scored.rank(contributions[l].value()));
          }
        });
  }

  private Map<Question, double[]> nothing() {
    Map<Question, double[]> reached = new EnumMap<>(Question.class);
    for (Question question : questions) {
      double[] none = new double[count];
      Arrays.fill(none, -1);
      reached.put(question, none);
    }
    return reached;
  }

  /** Per labeling, the observed one first, the largest figure over some decoders. */
  double[] largest(Question question, Collection<String> decoders) {
    List<double[]> each =
        decoders.stream()
            .map(name -> largest.getOrDefault(name, nothing()))
            .map(reached -> reached.getOrDefault(question, new double[count]))
            .toList();
    return IntStream.range(0, count)
        .mapToDouble(l -> each.stream().mapToDouble(reached -> reached[l]).max().orElse(-1))
        .toArray();
  }
}
