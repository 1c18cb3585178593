package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.FailedDecoder;
import dev.sonde.engine.evaluate.control.Rival;
import dev.sonde.engine.evaluate.control.Subject;
import dev.sonde.engine.evaluate.fit.Scored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an evaluation found, as values: metrics, claims, headline and figures are made of it.
 *
 * @param tried every decoder at every hook point, in the order of hook points; at least one
 * @param controls what each control found, in their order
 * @param margin over the strongest rival
 * @param remark what was evaluated, in a sentence
 * @param failed decoders that failed and are nowhere in the rest
 */
public record Evaluated(
    Subject subject,
    List<Tried> tried,
    List<ControlResult> controls,
    Optional<Margin> margin,
    String remark,
    List<FailedDecoder> failed) {

  /** A result with its lists copied. */
  public Evaluated {
    tried = List.copyOf(tried);
    controls = List.copyOf(controls);
    failed = List.copyOf(failed);
  }

  /** The highest figure of all tried, the first where several are; a choice, not a result. */
  public Tried best() {
    return Scored.best(tried.stream(), Tried::rank);
  }

  /** The same for each decoder, in their order. */
  public List<Choice> bestOfEachDecoder() {
    return tried.stream()
        .map(one -> one.choice().decoder())
        .distinct()
        .map(name -> Scored.best(ControlResult.Placed.of(tried, name).stream(), Tried::rank))
        .map(Tried::choice)
        .toList();
  }

  /** What a control found, by the type of its result. */
  public <T extends ControlResult> Optional<T> found(Class<T> control) {
    return controls.stream().filter(control::isInstance).map(control::cast).findFirst();
  }

  /** What needs no trained model, all of which must be beaten. */
  public List<Rival> rivals() {
    return rivals(controls);
  }

  static List<Rival> rivals(List<ControlResult> controls) {
    return controls.stream().flatMap(control -> control.rivals().stream()).toList();
  }

  /** All figures, in the order of the report; rivals behind the last control that has some. */
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    tried.stream().flatMap(one -> one.metrics(subject)).forEach(metrics::add);
    int last = lastWithRivals();
    for (int i = 0; i < controls.size(); i++) {
      metrics.addAll(controls.get(i).metrics());
      if (i == last) {
        ofRivals().forEach(metrics::add);
      }
    }
    return metrics;
  }

  private int lastWithRivals() {
    for (int i = controls.size() - 1; i >= 0; i--) {
      if (!controls.get(i).rivals().isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  private Stream<Metric> ofRivals() {
    return Stream.concat(
        rivals().stream()
            .map(rival -> subject.metric("baseline." + rival.words().name(), rival.estimate())),
        margin.stream()
            .map(
                found ->
                    subject
                        .merit(".margin", found.estimate())
                        .where("over", found.over().words().name())));
  }

  /** Tables of the controls. */
  public List<Table> tables() {
    return controls.stream().flatMap(control -> control.tables().stream()).toList();
  }

  /** What a reader should know, the failures of decoders first. */
  public List<String> notes() {
    return Stream.of(
            failed.stream().map(FailedDecoder::remark),
            controls.stream().flatMap(control -> control.notes().stream()),
            Stream.of(remark))
        .flatMap(some -> some)
        .toList();
  }
}
