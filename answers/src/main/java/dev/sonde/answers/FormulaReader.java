package dev.sonde.answers;

import dev.sonde.answers.Answer.Rational;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a formula, LaTeX or plain, into its normal form: sums of products of powers. */
final class FormulaReader {
  /** No number that anybody writes out has more digits or a larger exponent. */
  private static final int LONGEST = 1000;

  private static final int DEEPEST = 100;
  private static final int LARGEST_FACTORIAL = 200;

  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][-+]?\\d{1,3}(?![\\d.]))?\\.?(?!\\d)");
  private static final Pattern REPEATING =
      Pattern.compile("(\\d*)\\.(\\d*)\\\\(?:overline|bar)\\s*\\{(\\d{1,20})\\}");
  private static final Pattern COMMAND = Pattern.compile("\\\\([A-Za-z]+)");
  private static final Pattern LETTERS = Pattern.compile("[A-Za-z]+");
  private static final Pattern INDEX =
      Pattern.compile("_(?:\\{\\s*([A-Za-z0-9, ]+)\\s*\\}|([A-Za-z0-9]))");

  /** Short ones that answers are made of, and products are not. */
  private static final Set<String> WORDS = Set.of("no", "it", "or", "is", "in", "of", "we", "on");

  private static final Set<String> FUNCTIONS =
      Set.of(
          "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
          "tanh", "log", "ln", "exp", "max", "min", "gcd", "det", "arg");
  private static final Set<String> SYMBOLS =
      Set.of(
          ("pi infty alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi "
                  + "varphi chi psi omega Gamma Delta Theta Lambda Sigma Phi Psi Omega ell hbar emptyset")
              .split(" "));

  private final String text;
  private int at;
  private int depth;

  private FormulaReader(String text) {
    this.text = text;
  }

  /** The normal form of a formula; empty where the text is none. */
  static Optional<Sum> read(String formula) {
    if (formula.isBlank() || formula.length() > LONGEST) {
      return Optional.empty();
    }
    FormulaReader reader = new FormulaReader(formula);
    try {
      Sum sum = reader.sum();
      return reader.atEnd() ? Optional.of(sum) : Optional.empty();
    } catch (UnreadableException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private boolean atEnd() {
    skip();
    return at == text.length();
  }

  private void skip() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.startsWith("\\ ", at))) {
      at += text.charAt(at) == ' ' ? 1 : 2;
    }
  }

  private boolean take(String token) {
    skip();
    boolean there =
        text.startsWith(token, at)
            && !(token.startsWith("\\")
                && Character.isLetter(token.charAt(token.length() - 1))
                && at + token.length() < text.length()
                && Character.isLetter(text.charAt(at + token.length())));
    if (there) {
      at += token.length();
    }
    return there;
  }

  private void expect(String token) {
    if (!take(token)) {
      throw new UnreadableException("'%s' is missing".formatted(token));
    }
  }

  private Sum sum() {
    if (++depth > DEEPEST) {
      throw new UnreadableException("nested too deeply");
    }
    Sum sum = term();
    while (true) {
      if (take("+")) {
        sum = sum.plus(term());
      } else if (take("-")) {
        sum = sum.plus(term().negated());
      } else {
        depth--;
        return sum;
      }
    }
  }

  private Sum term() {
    if (take("-")) {
      return term().negated();
    }
    if (take("+")) {
      return term();
    }
    Sum product = power();
    while (true) {
      if (take("*") || take("\\cdot") || take("\\times") || take("\u00d7") || take("\u00b7")) {
        product = product.times(signed());
      } else if (take("/") || take("\\div") || take("\u00f7")) {
        product = product.times(signed().power(Sum.of(Rational.of(-1))));
      } else if (beginsFactor()) {
        product = mixedOrTimes(product);
      } else {
        return product;
      }
    }
  }

  private Sum signed() {
    return take("-") ? signed().negated() : power();
  }

  /** {@code 2x} is a product, {@code 2\frac12} a number of its own. */
  private Sum mixedOrTimes(Sum left) {
    boolean fraction = text.startsWith("\\frac", at);
    int before = at;
    Sum right = power();
    Optional<Rational> whole = left.number();
    Optional<Rational> part = right.number();
    boolean isMixed =
        fraction
            && before > 0
            && whole.filter(Fractions::isWhole).isPresent()
            && part.filter(p -> p.numerator().signum() > 0 && !Fractions.isWhole(p)).isPresent();
    if (isMixed) {
      return whole.get().numerator().signum() < 0 ? left.plus(right.negated()) : left.plus(right);
    }
    if (whole.isPresent() && Character.isDigit(text.charAt(before))) {
      throw new UnreadableException("two numbers side by side");
    }
    return left.times(right);
  }

  private boolean beginsFactor() {
    skip();
    if (at == text.length()) {
      return false;
    }
    char c = text.charAt(at);
    if (c == '\\') {
      Matcher command = COMMAND.matcher(text).region(at, text.length());
      return command.lookingAt() && !Set.of("cdot", "times", "div").contains(command.group(1));
    }
    return Character.isLetterOrDigit(c) || c == '(' || c == '{' || c == '\u03c0' || c == '\u221a';
  }

  private Sum power() {
    Sum base = atom();
    while (true) {
      if (take("!")) {
        base = factorial(base);
      } else if (take("^") || take("**")) {
        base = base.power(take("-") ? argument().negated() : argument());
      } else {
        return base;
      }
    }
  }

  private static Sum factorial(Sum base) {
    int number =
        base.number()
            .flatMap(Fractions::small)
            .filter(n -> n >= 0 && n <= LARGEST_FACTORIAL)
            .orElseThrow(() -> new UnreadableException("a factorial"));
    BigInteger product = BigInteger.ONE;
    for (int i = 2; i <= number; i++) {
      product = product.multiply(BigInteger.valueOf(i));
    }
    return Sum.of(new Rational(product, BigInteger.ONE));
  }

  /** What LaTeX takes as an argument: a group, or one letter, digit or command. */
  private Sum argument() {
    skip();
    if (take("{")) {
      return closed("}");
    }
    if (at < text.length() && Character.isDigit(text.charAt(at))) {
      Matcher digits = Pattern.compile("\\d+").matcher(text).region(at, text.length());
      boolean plain = digits.lookingAt() && text.indexOf('\\') < 0;
      int end = plain ? digits.end() : at + 1;
      String number = text.substring(at, end);
      at = end;
      return Sum.of(new Rational(new BigInteger(number), BigInteger.ONE));
    }
    return atom();
  }

  private Sum closed(String bracket) {
    Sum inner = sum();
    expect(bracket);
    return inner;
  }

  private Sum atom() {
    skip();
    if (at == text.length()) {
      throw new UnreadableException("the formula ends early");
    }
    Matcher repeating = REPEATING.matcher(text).region(at, text.length());
    if (repeating.lookingAt()) {
      at = repeating.end();
      return Sum.of(repeating(repeating));
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (number.lookingAt()) {
      at = number.end();
      return Sum.of(decimal(number.group().replaceFirst("\\.$", "")));
    }
    if (take("(")) {
      return closed(")");
    }
    if (take("{")) {
      return closed("}");
    }
    if (take("|")) {
      return Sum.of("|" + closed("|") + "|");
    }
    if (take("\u03c0")) {
      return Sum.of("\\pi");
    }
    if (take("\u221e")) {
      return Sum.of("\\infty");
    }
    if (take("\u221a")) {
      return argument().power(Sum.of(new Rational(BigInteger.ONE, BigInteger.TWO)));
    }
    Matcher command = COMMAND.matcher(text).region(at, text.length());
    return command.lookingAt() ? command(command) : variable();
  }

  private Sum command(Matcher command) {
    String name = command.group(1);
    at = command.end();
    return switch (name) {
      case "frac" -> argument().times(argument().power(Sum.of(Rational.of(-1))));
      case "sqrt" -> {
        Sum degree = take("[") ? closed("]") : Sum.of(Rational.of(2));
        yield argument().power(degree.power(Sum.of(Rational.of(-1))));
      }
      case "binom" -> binomial(argument(), argument());
      case "overline", "bar", "vec", "hat", "mathbb", "mathcal", "overrightarrow" ->
          Sum.of("\\" + name + "{" + argument() + "}");
      default -> {
        if (FUNCTIONS.contains(name)) {
          yield function(name);
        }
        if (SYMBOLS.contains(name)) {
          yield Sum.of("\\" + name + index());
        }
        throw new UnreadableException("\\" + name);
      }
    };
  }

  private static Sum binomial(Sum above, Sum below) {
    int k = below.number().flatMap(Fractions::small).orElse(-1);
    Rational n = above.number().orElseThrow(() -> new UnreadableException("a binomial"));
    if (k < 0 || k > LARGEST_FACTORIAL) {
      throw new UnreadableException("a binomial");
    }
    Rational value = Fractions.ONE;
    for (int i = 0; i < k; i++) {
      Rational factor = Fractions.add(n, Rational.of(-i));
      value =
          Fractions.multiply(
              value,
              Fractions.multiply(factor, new Rational(BigInteger.ONE, BigInteger.valueOf(i + 1L))));
    }
    return Sum.of(value);
  }

  private Sum function(String name) {
    String index = index();
    Sum exponent = take("^") ? argument() : Sum.of(Fractions.ONE);
    Sum argument = take("(") ? closed(")") : take("{") ? closed("}") : power();
    if (name.equals("exp")) {
      return Sum.of("e").power(argument).power(exponent);
    }
    return Sum.of("\\%s%s(%s)".formatted(name, index, argument)).power(exponent);
  }

  private String index() {
    Matcher index = INDEX.matcher(text).region(at, text.length());
    if (!index.lookingAt()) {
      return "";
    }
    at = index.end();
    String inside = index.group(1) == null ? index.group(2) : index.group(1);
    return "_" + inside.replace(" ", "");
  }

  /** Letters side by side are a product where nobody would take them for a word. */
  private Sum variable() {
    Matcher letters = LETTERS.matcher(text).region(at, text.length());
    if (!letters.lookingAt()) {
      throw new UnreadableException("'%s'".formatted(text.charAt(at)));
    }
    String word = letters.group();
    if (word.equals("sqrt")) {
      at = letters.end();
      return argument().power(Sum.of(new Rational(BigInteger.ONE, BigInteger.TWO)));
    }
    if (word.equals("pi")) {
      at = letters.end();
      return Sum.of("\\pi");
    }
    if (FUNCTIONS.contains(word)) {
      at = letters.end();
      return function(word);
    }
    if (WORDS.contains(word.toLowerCase(Locale.ROOT))) {
      throw new UnreadableException("a word: " + word);
    }
    if (word.length() > 2 && !word.matches("[xyz]+|[abc]+|[A-Z]{3}")) {
      throw new UnreadableException("a word: " + word);
    }
    at++;
    return Sum.of(word.charAt(0) + index());
  }

  private static Rational decimal(String written) {
    BigDecimal value = new BigDecimal(written);
    return value.scale() <= 0
        ? new Rational(value.toBigIntegerExact(), BigInteger.ONE)
        : new Rational(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
  }

  /** {@code 0.1\overline{6}} is 1/6. */
  private static Rational repeating(Matcher match) {
    String head = match.group(1) + match.group(2);
    BigInteger before = head.isEmpty() ? BigInteger.ZERO : new BigInteger(head);
    BigInteger nines = BigInteger.TEN.pow(match.group(3).length()).subtract(BigInteger.ONE);
    Rational all =
        Fractions.add(
            new Rational(before, BigInteger.ONE),
            new Rational(new BigInteger(match.group(3)), nines));
    return Fractions.multiply(
        all, new Rational(BigInteger.ONE, BigInteger.TEN.pow(match.group(2).length())));
  }
}
