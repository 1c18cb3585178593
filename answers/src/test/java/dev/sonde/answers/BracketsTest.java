package dev.sonde.answers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BracketsTest {
  @Test
  void whatATextOpensItselfIsClosedFirst() {
    assertThat(Brackets.closes("\\frac{1}{2}} and {more}", '}')).hasValue(11);
    assertThat(Brackets.closes("a{b}", '}')).isEmpty();
    assertThat(Brackets.closes("a (b) c)", ')')).hasValue(7);
  }

  @Test
  void anEscapedBracketCountsForNothing() {
    assertThat(Brackets.closes("\\{1, 2\\}}", '}')).hasValue(8);
  }

  @Test
  void aTextLeavesOpenWhatItDoesNotClose() {
    assertThat(Brackets.leavesOpen("the answer is \\boxed{", '}')).isTrue();
    assertThat(Brackets.leavesOpen("\\boxed{5}", '}')).isFalse();
    assertThat(Brackets.leavesOpen("a set \\{", '}')).isFalse();
    assertThat(Brackets.leavesOpen("so", '}')).isFalse();
  }
}
