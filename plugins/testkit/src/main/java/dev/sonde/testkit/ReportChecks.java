package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.report.Claim;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import java.util.Set;
import java.util.TreeSet;

/** What every report of a probe keeps to, whatever the probe ran on. */
final class ReportChecks {
  private ReportChecks() {}

  static void assertSomething(RecordedReport report) {
    assertThat(report.size())
        .as("number of metrics, tables, figures, passages and notes that a run reports")
        .isPositive();
  }

  static void assertNamesOfItsOwnThatStandOnce(RecordedReport report) {
    Set<String> seen = new TreeSet<>();
    for (Metric metric : report.metrics()) {
      assertThat(metric.name())
          .as("a metric's name: dotted words, and none of those the engine keeps for itself")
          .matches("[a-z][a-zA-Z0-9_]*(\\.[a-zA-Z0-9_]+)*")
          .matches(name -> !Report.isReserved(name), "not a name that the engine reserves");
      assertThat(seen.add(metric.name() + metric.where()))
          .as(
              "the metric %s is reported once at %s; tell several apart with where(key, value)",
              metric.name(), metric.where())
          .isTrue();
    }
  }

  /** {@link Metric#of} takes what is not finite as a value that does not exist. */
  static void assertValues(RecordedReport report) {
    Set<String> names = new TreeSet<>();
    report.metrics().forEach(metric -> names.add(metric.name()));
    report.metrics().stream()
        .filter(metric -> metric.value().isPresent())
        .forEach(metric -> names.remove(metric.name()));
    assertThat(names)
        .as(
            "metrics without a finite value anywhere on the contract's data (NaN and infinity count"
                + " as none); leave out what does not exist")
        .isEmpty();
  }

  static void assertFiguresFit(RecordedReport report) {
    report.figures().forEach(FigureText::assertFits);
  }

  static void assertClaimsSayWhy(RecordedReport report) {
    Set<String> seen = new TreeSet<>();
    for (Claim claim : report.claims()) {
      ClaimEvidence evidence = claim.evidence();
      assertThat(seen.add(evidence.name()))
          .as("the claim %s is put once", evidence.name())
          .isTrue();
      assertThat(evidence.own())
          .as("the figure of the claim %s: give it with above(…)", evidence.name())
          .isPresent();
      assertThat(evidence.against())
          .as(
              "the test of the claim %s, without which it is never answered yes: give it with"
                  + " tested(…) or testedByItsInterval()",
              evidence.name())
          .isPresent();
    }
  }
}
