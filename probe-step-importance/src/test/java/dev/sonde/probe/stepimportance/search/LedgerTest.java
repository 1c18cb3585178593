package dev.sonde.probe.stepimportance.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.Sequence;
import org.junit.jupiter.api.Test;

class LedgerTest {
  @Test
  void aPrefixThatWasRunCostsNothingAgainUntilTheStageEnds() {
    Ledger ledger = new Ledger();
    ledger.ran(Sequence.of(1, 2, 3, 4));
    ledger.ran(Sequence.of(1, 2, 4, 3));
    assertThat(ledger.forward()).isEqualTo(6);
    assertThat(ledger.saved()).isEqualTo(2);

    ledger.newStage();
    ledger.ran(Sequence.of(1, 2));
    assertThat(ledger.forward()).isEqualTo(8);
  }
}
