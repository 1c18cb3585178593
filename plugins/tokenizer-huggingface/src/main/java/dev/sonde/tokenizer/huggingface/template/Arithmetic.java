package dev.sonde.tokenizer.huggingface.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

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
    if (isRepeatable(left) && Python.isWhole(right)) {
      return repeated(left, Python.whole(right));
    }
    if (Python.isWhole(left) && isRepeatable(right)) {
      return repeated(right, Python.whole(left));
    }
    return arithmetic("'*'", left, right, Math::multiplyExact, (a, b) -> a * b);
  }

  private static boolean isRepeatable(Object value) {
    return value instanceof String || value instanceof List<?>;
  }

  private static Object repeated(Object value, long times) {
    long count = Math.max(0, times);
    return Python.bounded(
        Python.length(value) * (double) count,
        () ->
            switch (value) {
              case String text -> text.repeat((int) count);
              case Tuple tuple ->
                  new Tuple(
                      Collections.nCopies((int) count, tuple).stream()
                          .<Object>flatMap(List::stream)
                          .toList());
              case List<?> list ->
                  Collections.nCopies((int) count, list).stream()
                      .<Object>flatMap(List::stream)
                      .collect(Collectors.toCollection(ArrayList::new));
              default -> throw new IllegalStateException();
            });
  }

  /** A whole number to a whole power that is not negative is whole. */
  static Object power(Object left, Object right) {
    numbers("'**'", left, right);
    if (Python.anyReal(left, right) || Python.whole(right) < 0) {
      double power = Math.pow(Python.real(left), Python.real(right));
      if (Double.isNaN(power) || Double.isInfinite(power)) {
        throw TemplateException.unsupported("a power that is no finite number");
      }
      return power;
    }
    BigInteger base = BigInteger.valueOf(Python.whole(left));
    long exponent = Python.whole(right);
    if (base.bitLength() > 1 && exponent > Long.SIZE) {
      throw new TemplateException("a number is too large: " + left + " ** " + right);
    }
    boolean isOdd = exponent % 2 == 1;
    int small = base.bitLength() > 1 ? (int) exponent : isOdd ? 1 : exponent == 0 ? 0 : 2;
    try {
      return base.pow(small).longValueExact();
    } catch (ArithmeticException e) {
      throw new TemplateException("a number is too large: " + left + " ** " + right, e);
    }
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
    if (left instanceof String pattern) {
      return Format.percent(pattern, right);
    }
    nonZero(numbers("'%'", left, right));
    return arithmetic("'%'", left, right, Math::floorMod, (a, b) -> a - b * Math.floor(a / b));
  }

  static Object negate(Object value) {
    return subtract(value instanceof Double ? (Object) (-0.0) : (Object) 0L, value);
  }

  /** {@code +value}: a truth becomes a number. */
  static Object positive(Object value) {
    return value instanceof Double ? value : add(0L, value);
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
