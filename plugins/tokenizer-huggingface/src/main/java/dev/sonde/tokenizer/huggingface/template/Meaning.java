package dev.sonde.tokenizer.huggingface.template;

import java.util.function.BinaryOperator;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.javax.el.ELContext;

/** What the operators between two values mean. */
enum Meaning implements AstBinary.Operator {
  ADD(false, Arithmetic::add),
  SUBTRACT(false, Arithmetic::subtract),
  MULTIPLY(false, Arithmetic::multiply),
  DIVIDE(false, Arithmetic::divide),
  FLOOR_DIVIDE(false, Arithmetic::floorDivide),
  REMAINDER(false, Arithmetic::remainder),
  POWER(
      false,
      (left, right) -> {
        throw TemplateException.unsupported("'**'");
      }),
  CONCATENATE(false, (left, right) -> Arithmetic.add(Text.printed(left), Text.printed(right))),
  EQUAL(true, Python::equal),
  UNEQUAL(true, (left, right) -> !Python.equal(left, right)),
  LESS(true, (left, right) -> Python.compare(left, right) < 0),
  AT_MOST(true, (left, right) -> Python.compare(left, right) <= 0),
  GREATER(true, (left, right) -> Python.compare(left, right) > 0),
  AT_LEAST(true, (left, right) -> Python.compare(left, right) >= 0),
  IN(true, (left, right) -> Python.contains(right, left)),
  NOT_IN(true, (left, right) -> !Python.contains(right, left)),
  AND(false, (left, right) -> right) {
    @Override
    boolean decides(Object left) {
      return !Python.truth(left);
    }
  },
  OR(false, (left, right) -> right) {
    @Override
    boolean decides(Object left) {
      return Python.truth(left);
    }
  };

  private final boolean compares;

  @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
  private final BinaryOperator<Object> function;

  Meaning(boolean compares, BinaryOperator<Object> function) {
    this.compares = compares;
    this.function = function;
  }

  boolean compares() {
    return compares;
  }

  /** Whether the left value is the result, whatever stands on the right. */
  boolean decides(Object left) {
    return false;
  }

  @Override
  public Object eval(Bindings bindings, ELContext context, AstNode left, AstNode right) {
    Object value = Operation.of(left);
    return decides(value) ? value : function.apply(value, Operation.of(right));
  }
}
