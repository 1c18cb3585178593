package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.el.ext.AstDict;
import com.hubspot.jinjava.el.ext.AstList;
import com.hubspot.jinjava.el.ext.AstTuple;
import com.hubspot.jinjava.el.ext.NamedParameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.ast.AstBracket;
import jinjava.de.odysseus.el.tree.impl.ast.AstChoice;
import jinjava.de.odysseus.el.tree.impl.ast.AstDot;
import jinjava.de.odysseus.el.tree.impl.ast.AstFunction;
import jinjava.de.odysseus.el.tree.impl.ast.AstIdentifier;
import jinjava.de.odysseus.el.tree.impl.ast.AstMethod;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstNull;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.de.odysseus.el.tree.impl.ast.AstRightValue;
import jinjava.javax.el.ELContext;
import org.jspecify.annotations.Nullable;

/** The nodes of expressions: Jinjava's own, evaluated for the current {@link Rendering}. */
final class Operation {
  private Operation() {}

  /** The value of a node. */
  static Object of(AstNode node) {
    Rendering.current().step();
    Object value = Python.value(node.eval(null, null));
    if (value instanceof NamedParameter named) {
      throw new TemplateException("'%s=' stands outside a call".formatted(named.getName()));
    }
    return value;
  }

  private static Object of(Optional<AstNode> node) {
    return node.map(Operation::of).orElse(None.NONE);
  }

  private static Arguments arguments(AstParameters parameters) {
    return Arguments.of(parameters.eval(null, null));
  }

  private static Object call(Object callee, String name, AstParameters parameters) {
    return switch (callee) {
      case Callable callable -> callable.call(arguments(parameters));
      case Undefined undefined -> throw undefined.error();
      default -> throw new TemplateException("'%s' is no function".formatted(name));
    };
  }

  /** {@code name}. */
  static final class Variable extends AstIdentifier {
    Variable(String name, int index) {
      super(name, index);
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return switch (getName()) {
        case "none", "None" -> None.NONE;
        default -> Rendering.current().variable(getName());
      };
    }
  }

  /** {@code name(…)}. */
  static final class FunctionCall extends AstFunction {
    private final AstParameters parameters;

    FunctionCall(String name, int index, AstParameters parameters) {
      super(name, index, parameters, true);
      this.parameters = parameters;
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return call(Rendering.current().variable(getName()), getName(), parameters);
    }
  }

  /** {@code value.name}. */
  static final class Attribute extends AstDot {
    private final String name;

    Attribute(AstNode value, String name) {
      super(value, name, true);
      this.name = name;
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return Python.attribute(of(getPrefix()), name);
    }
  }

  /** {@code value.name(…)}. */
  static final class MethodCall extends AstMethod {
    private final Attribute method;
    private final AstParameters parameters;

    MethodCall(Attribute method, AstParameters parameters) {
      super(method, parameters);
      this.method = method;
      this.parameters = parameters;
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return call(of(method), method.name, parameters);
    }
  }

  /** {@code value[key]}. */
  static final class Item extends AstBracket {
    private final AstNode key;

    Item(AstNode value, AstNode key) {
      super(value, key, true, false);
      this.key = key;
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return Python.item(of(getPrefix()), of(key));
    }
  }

  /** {@code [a, b]}. */
  static final class Items extends AstList {
    Items(AstParameters items) {
      super(items);
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return new ArrayList<>(arguments(elements).positional());
    }
  }

  /** {@code (a, b)}. */
  static final class TupleItems extends AstTuple {
    TupleItems(AstParameters items) {
      super(items);
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return new Tuple(arguments(elements).positional());
    }
  }

  /** {@code {'a': b}}. */
  static final class Entries extends AstDict {
    Entries(Map<AstNode, AstNode> items) {
      super(items);
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      dict.forEach((key, value) -> entries.put(of(key), of(value)));
      return entries;
    }
  }

  /** {@code yes if condition else no}; undefined where the else is left out and needed. */
  static final class Choice extends AstChoice {
    private final AstNode condition;
    private final AstNode yes;
    private final Optional<AstNode> no;

    Choice(AstNode condition, AstNode yes, Optional<AstNode> no) {
      super(condition, yes, no.orElseGet(AstNull::new));
      this.condition = condition;
      this.yes = yes;
      this.no = no;
    }

    /** The condition of {@code yes if condition}, where there is no else. */
    Optional<AstNode> onlyCondition() {
      return no.isEmpty() ? Optional.of(condition) : Optional.empty();
    }

    AstNode yes() {
      return yes;
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      if (Python.truth(of(condition))) {
        return of(yes);
      }
      return no.isPresent() ? of(no) : new Undefined("the condition without else is false");
    }
  }

  /** A node that Jinjava has no own kind for. */
  private abstract static class Further extends AstRightValue {
    private final List<AstNode> children;

    Further(AstNode... children) {
      this.children = List.copyOf(Arrays.asList(children));
    }

    @Override
    public int getCardinality() {
      return children.size();
    }

    @Override
    public AstNode getChild(int index) {
      return children.get(index);
    }

    @Override
    public void appendStructure(StringBuilder structure, Bindings bindings) {
      structure.append(getClass().getSimpleName());
    }
  }

  /** {@code value[start:stop:step]}. */
  static final class Slice extends Further {
    private final AstNode value;
    private final Optional<AstNode> start;
    private final Optional<AstNode> stop;
    private final Optional<AstNode> step;

    Slice(AstNode value, Optional<AstNode> start, Optional<AstNode> stop, Optional<AstNode> step) {
      super(value);
      this.value = value;
      this.start = start;
      this.stop = stop;
      this.step = step;
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return Python.slice(of(value), of(start), of(stop), of(step));
    }
  }

  /** {@code value | filter(…)}. */
  static final class Filtered extends Further {
    private final AstNode value;
    private final String filter;
    private final AstParameters parameters;

    Filtered(AstNode value, String filter, AstParameters parameters) {
      super(value, parameters);
      this.value = value;
      this.filter = filter;
      this.parameters = parameters;
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return Filters.apply(filter, of(value), arguments(parameters));
    }
  }

  /** {@code value is test} and {@code value is not test}. */
  static final class Tested extends Further {
    private final AstNode value;
    private final String test;
    private final AstParameters parameters;
    private final boolean negated;

    Tested(AstNode value, String test, AstParameters parameters, boolean negated) {
      super(value, parameters);
      this.value = value;
      this.test = test;
      this.parameters = parameters;
      this.negated = negated;
    }

    @Override
    public Object eval(@Nullable Bindings bindings, @Nullable ELContext context) {
      return Tests.holds(test, of(value), arguments(parameters)) != negated;
    }
  }
}
