package dev.sonde.tokenizer.huggingface.template;

import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.AND;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.COLON;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.COMMA;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.DOT;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.IDENTIFIER;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.LBRACK;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.LPAREN;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.NOT;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.RBRACK;
import static jinjava.de.odysseus.el.tree.impl.Scanner.Symbol.STRING;

import com.hubspot.jinjava.el.ext.AbsOperator;
import com.hubspot.jinjava.el.ext.AdditionOperator;
import com.hubspot.jinjava.el.ext.AstDict;
import com.hubspot.jinjava.el.ext.AstList;
import com.hubspot.jinjava.el.ext.AstNamedParameter;
import com.hubspot.jinjava.el.ext.AstTuple;
import com.hubspot.jinjava.el.ext.CollectionMembershipOperator;
import com.hubspot.jinjava.el.ext.CollectionNonMembershipOperator;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.OrOperator;
import com.hubspot.jinjava.el.ext.PowerOfOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import com.hubspot.jinjava.el.ext.TruncDivOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Scanner;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstBracket;
import jinjava.de.odysseus.el.tree.impl.ast.AstChoice;
import jinjava.de.odysseus.el.tree.impl.ast.AstDot;
import jinjava.de.odysseus.el.tree.impl.ast.AstFunction;
import jinjava.de.odysseus.el.tree.impl.ast.AstIdentifier;
import jinjava.de.odysseus.el.tree.impl.ast.AstMethod;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstNull;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.de.odysseus.el.tree.impl.ast.AstProperty;
import jinjava.de.odysseus.el.tree.impl.ast.AstUnary;
import org.jspecify.annotations.Nullable;

/**
 * Jinjava's expressions with the meaning they have in Jinja2. Four rules of its grammar differ and
 * are replaced: {@code not} binds weaker than comparisons and tests, filters and tests follow each
 * other in any order, slices have steps, and named arguments are whole expressions.
 */
final class Grammar extends ExtendedParser {
  private static final Set<String> OPERATORS = Set.of("and", "or", "not", "is", "in", "if", "else");

  private static final Map<AstBinary.Operator, Meaning> MEANINGS =
      Map.ofEntries(
          Map.entry(AdditionOperator.OP, Meaning.ADD),
          Map.entry(AstBinary.SUB, Meaning.SUBTRACT),
          Map.entry(AstBinary.MUL, Meaning.MULTIPLY),
          Map.entry(AstBinary.DIV, Meaning.DIVIDE),
          Map.entry(AstBinary.MOD, Meaning.REMAINDER),
          Map.entry(AstBinary.EQ, Meaning.EQUAL),
          Map.entry(AstBinary.NE, Meaning.UNEQUAL),
          Map.entry(AstBinary.LT, Meaning.LESS),
          Map.entry(AstBinary.LE, Meaning.AT_MOST),
          Map.entry(AstBinary.GT, Meaning.GREATER),
          Map.entry(AstBinary.GE, Meaning.AT_LEAST),
          Map.entry(OrOperator.OP, Meaning.OR));

  Grammar(Builder builder, String expression) {
    super(builder, expression);
    // Jinjava reads a plus before a digit as a token of its own.
    operator(AbsOperator.TOKEN, ExtensionPoint.ADD, Meaning.ADD);
    operator(CollectionMembershipOperator.TOKEN, ExtensionPoint.CMP, Meaning.IN);
    operator(CollectionNonMembershipOperator.TOKEN, ExtensionPoint.CMP, Meaning.NOT_IN);
    operator(StringConcatOperator.TOKEN, ExtensionPoint.ADD, Meaning.CONCATENATE);
    operator(TruncDivOperator.TOKEN, ExtensionPoint.MUL, Meaning.FLOOR_DIVIDE);
    operator(PowerOfOperator.TOKEN, ExtensionPoint.MUL, Meaning.POWER);
  }

  private void operator(Scanner.ExtensionToken token, ExtensionPoint point, Meaning meaning) {
    putExtensionHandler(
        token,
        new ExtensionHandler(point) {
          @Override
          public AstNode createAstNode(AstNode... operands) {
            return binary(operands[0], operands[1], meaning);
          }
        });
  }

  @Override
  protected @Nullable AstNode and(boolean required) throws Scanner.ScanException, ParseException {
    @Nullable AstNode left = negation(required);
    while (left != null && getToken().getSymbol() == AND) {
      consumeToken();
      left = binary(left, negation(true), Meaning.AND);
    }
    return left;
  }

  private AstNode negation(boolean required) throws Scanner.ScanException, ParseException {
    if (getToken().getSymbol() == NOT) {
      consumeToken();
      return createAstUnary(negation(true), AstUnary.NOT);
    }
    return eq(required);
  }

  @Override
  protected @Nullable AstNode filter(boolean required)
      throws Scanner.ScanException, ParseException {
    @Nullable AstNode value = unary(required);
    while (value != null && getToken().getSymbol() != STRING) {
      if (getToken().getImage().equals("|")) {
        consumeToken();
        value = new Operation.Filtered(value, consumeToken(IDENTIFIER).getImage(), parameters());
      } else if (getToken().getImage().equals("is")) {
        consumeToken();
        boolean negated = getToken().getSymbol() == NOT;
        if (negated) {
          consumeToken();
        }
        value = new Operation.Tested(value, consumeToken().getImage(), testArguments(), negated);
      } else {
        return value;
      }
    }
    return value;
  }

  private AstParameters parameters() throws Scanner.ScanException, ParseException {
    return getToken().getSymbol() == LPAREN ? params() : createAstParameters(List.of());
  }

  /** In parentheses, or one value without. */
  private AstParameters testArguments() throws Scanner.ScanException, ParseException {
    if (getToken().getSymbol() == IDENTIFIER && OPERATORS.contains(getToken().getImage())) {
      return createAstParameters(List.of());
    }
    if (getToken().getSymbol() == LPAREN) {
      return params();
    }
    @Nullable AstNode argument = value();
    return createAstParameters(argument == null ? List.of() : List.of(argument));
  }

  @Override
  protected @Nullable AstNode value() throws Scanner.ScanException, ParseException {
    @Nullable AstNode value = nonliteral();
    boolean text = getToken().getSymbol() == STRING;
    if (value == null) {
      value = literal();
    }
    while (text && getToken().getSymbol() == STRING) {
      value = binary(value, literal(), Meaning.ADD);
    }
    while (value != null) {
      if (getToken().getSymbol() == DOT) {
        consumeToken();
        AstDot dot = createAstDot(value, consumeToken(IDENTIFIER).getImage(), true);
        value = getToken().getSymbol() == LPAREN ? createAstMethod(dot, params()) : dot;
      } else if (getToken().getSymbol() == LBRACK) {
        consumeToken();
        value = subscript(value);
      } else {
        return value;
      }
    }
    return value;
  }

  /** What stands in brackets behind a value. */
  private AstNode subscript(AstNode value) throws Scanner.ScanException, ParseException {
    @Nullable AstNode start = expr(false);
    if (getToken().getSymbol() != COLON) {
      consumeToken(RBRACK);
      if (start == null) {
        fail("an index");
      }
      return createAstBracket(value, start, true, false);
    }
    consumeToken();
    @Nullable AstNode stop = expr(false);
    @Nullable AstNode step = null;
    if (getToken().getSymbol() == COLON) {
      consumeToken();
      step = expr(false);
    }
    consumeToken(RBRACK);
    return new Operation.Slice(
        value, Optional.ofNullable(start), Optional.ofNullable(stop), Optional.ofNullable(step));
  }

  @Override
  protected AstParameters params(Scanner.Symbol left, Scanner.Symbol right)
      throws Scanner.ScanException, ParseException {
    consumeToken(left);
    List<AstNode> parameters = new ArrayList<>();
    while (getToken().getSymbol() != right) {
      parameters.add(parameter());
      if (getToken().getSymbol() != right) {
        consumeToken(COMMA);
      }
    }
    consumeToken(right);
    return createAstParameters(parameters);
  }

  private AstNode parameter() throws Scanner.ScanException, ParseException {
    if (getToken().getSymbol() == IDENTIFIER && lookahead(0).getImage().equals("=")) {
      AstIdentifier name = identifier(consumeToken().getImage());
      consumeToken();
      return new AstNamedParameter(name, expr(true));
    }
    return expr(true);
  }

  @Override
  protected AstBinary createAstBinary(AstNode left, AstNode right, AstBinary.Operator operator) {
    return binary(left, right, meaning(operator));
  }

  private static Meaning meaning(AstBinary.Operator operator) {
    @Nullable Meaning meaning = MEANINGS.get(operator);
    if (meaning == null) {
      throw TemplateException.unsupported("the operator " + operator);
    }
    return meaning;
  }

  /** Comparisons in a row mean something else in Python than from left to right. */
  private static AstBinary binary(AstNode left, AstNode right, Meaning meaning) {
    if (meaning.compares() && (isComparison(left) || isComparison(right))) {
      throw TemplateException.unsupported("a comparison of a comparison without parentheses");
    }
    return new AstBinary(left, right, meaning);
  }

  private static boolean isComparison(AstNode node) {
    return node instanceof AstBinary binary
        && binary.getOperator() instanceof Meaning meaning
        && meaning.compares();
  }

  @Override
  protected AstUnary createAstUnary(AstNode operand, AstUnary.Operator operator) {
    if (operator == AstUnary.NOT) {
      return new AstUnary(operand, (_, _, node) -> !Python.truth(Operation.of(node)));
    } else if (operator == AstUnary.NEG) {
      return new AstUnary(operand, (_, _, node) -> Arithmetic.negate(Operation.of(node)));
    }
    throw TemplateException.unsupported("the operator " + operator);
  }

  @Override
  protected AstChoice createAstChoice(AstNode condition, AstNode yes, AstNode no) {
    return new Operation.Choice(
        condition, yes, no instanceof AstNull ? Optional.empty() : Optional.of(no));
  }

  @Override
  protected AstIdentifier createAstIdentifier(String name, int index) {
    return new Operation.Variable(name, index);
  }

  @Override
  protected AstDot createAstDot(AstNode value, String name, boolean assignable) {
    return new Operation.Attribute(value, name);
  }

  @Override
  protected AstBracket createAstBracket(
      AstNode value, AstNode key, boolean assignable, boolean strict) {
    return new Operation.Item(value, key);
  }

  @Override
  protected AstMethod createAstMethod(AstProperty property, AstParameters parameters) {
    if (property instanceof Operation.Attribute method) {
      return new Operation.MethodCall(method, parameters);
    }
    throw TemplateException.unsupported("calling an item");
  }

  @Override
  protected AstFunction createAstFunction(String name, int index, AstParameters parameters) {
    return new Operation.FunctionCall(name, index, parameters);
  }

  @Override
  protected AstList createAstList(AstParameters items) {
    return new Operation.Items(items);
  }

  @Override
  protected AstTuple createAstTuple(AstParameters items) {
    return new Operation.TupleItems(items);
  }

  @Override
  protected AstDict createAstDict(Map<AstNode, AstNode> items) {
    return new Operation.Entries(items);
  }
}
