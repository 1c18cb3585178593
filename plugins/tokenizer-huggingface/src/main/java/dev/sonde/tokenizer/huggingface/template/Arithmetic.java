package dev.sonde.tokenizer.huggingface.template;

import java.util.ArrayList;
import java.util.List;

/** What Python's arithmetic operators make of its values. */
final class Arithmetic {
  private Arithmetic() {}

  static Object add(Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      return Python.bounded(a.length() + (double) b.length(), () -> a + b);
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return new Tuple(joined(a, b));
    }
    if (left instanceof List<?> a
        && right instanceof List<?> b
        && !(left instanceof Tuple)
        && !(right instanceof Tuple)) {
      return joined(a, b);
    }
    return arithmetic("'+'", left, right, Math::addExact, Double::sum);
  }

  private static List<Object> joined(List<?> a, List<?> b) {
    return Python.bounded(
        a.size() + (double) b.size(),
        () -> {
          List<Object> all = new ArrayList<>(a);
          all.addAll(b);
          return all;
        });
  }

  static Object subtract(Object left, Object right) {
    return arithmetic("'-'", left, right, Math::subtractExact, (a, b) -> a - b);
  }

  static Object multiply(Object left, Object right) {
    if (left instanceof String text && Python.isWhole(right)) {
      long times = Math.max(0, Python.whole(right));
      return Python.bounded(text.length() * (double) times, () -> text.repeat((int) times));
    }
    if (left instanceof List<?> || right instanceof List<?> || right instanceof String) {
      throw TemplateException.unsupported(
          "'*' of " + Python.type(left) + " and " + Python.type(right));
    }
    return arithmetic("'*'", left, right, Math::multiplyExact, (a, b) -> a * b);
  }

  static Object divide(Object left, Object right) {
    numbers("'/'", left, right);
    return Python.real(left) / nonZero(right);
  }

  static Object floorDivide(Object left, Object right) {
    nonZero(numbers("'//'", left, right));
    return arithmetic("'//'", left, right, Math::floorDiv, (a, b) -> Math.floor(a / b));
  }

  /** The remainder with the sign of the divisor. */
  static Object remainder(Object left, Object right) {
    if (left instanceof String) {
      throw TemplateException.unsupported("'%' on a text");
    }
    nonZero(numbers("'%'", left, right));
    return arithmetic("'%'", left, right, Math::floorMod, (a, b) -> a - b * Math.floor(a / b));
  }

  static Object negate(Object value) {
    return subtract(value instanceof Double ? (Object) (-0.0) : (Object) 0L, value);
  }

  private static double nonZero(Object divisor) {
    if (Python.real(divisor) == 0) {
      throw new TemplateException("division by zero");
    }
    return Python.real(divisor);
  }

  private interface OnWholes {
    long apply(long left, long right);
  }

  private interface OnReals {
    double apply(double left, double right);
  }

  private static Object numbers(String operator, Object left, Object right) {
    if (!Python.isNumber(left) || !Python.isNumber(right)) {
      throw Python.operands(operator, left, right);
    }
    return right;
  }

  private static Object arithmetic(
      String operator, Object left, Object right, OnWholes wholes, OnReals reals) {
    numbers(operator, left, right);
    if (Python.anyReal(left, right)) {
      return reals.apply(Python.real(left), Python.real(right));
    }
    try {
      return wholes.apply(Python.whole(left), Python.whole(right));
    } catch (ArithmeticException e) {
      throw new TemplateException("a number is too large: " + e.getMessage(), e);
    }
  }
}
