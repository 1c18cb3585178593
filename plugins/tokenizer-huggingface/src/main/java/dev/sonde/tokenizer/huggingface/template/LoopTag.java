package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;

/** {@code for}, with {@code if} and {@code else} as Jinja2 has them. */
final class LoopTag extends ForTag {
  @Serial private static final long serialVersionUID = 1;

  private static final Pattern HEADER =
      Pattern.compile("(?<names>[\\w\\s,()]+?)\\sin\\s(?<items>.*)", Pattern.DOTALL);

  @Override
  public String interpret(TagNode node, JinjavaInterpreter interpreter) {
    Rendering rendering = (Rendering) interpreter;
    Matcher header = HEADER.matcher(node.getHelpers());
    if (!header.matches()) {
      throw new TemplateException("'for%s' cannot be read".formatted(node.getHelpers()));
    }
    List<String> names = Rendering.names(header.group("names"));
    AstNode source = rendering.parsed(header.group("items"));
    Optional<AstNode> condition = Optional.empty();
    if (source instanceof Operation.Choice choice && choice.onlyCondition().isPresent()) {
      condition = choice.onlyCondition();
      source = choice.yes();
    }
    List<Object> items = Python.iterable(rendering.value(source));
    if (condition.isPresent()) {
      items = selected(items, names, condition.get(), rendering);
    }
    int end = otherwise(node);
    if (items.isEmpty()) {
      return rendering.text(node.getChildren().subList(end, node.getChildren().size()));
    }
    return rendered(new Loop(items), names, node.getChildren().subList(0, end), rendering);
  }

  private static List<Object> selected(
      List<Object> items, List<String> names, AstNode condition, Rendering rendering) {
    List<Object> selected = new ArrayList<>();
    for (Object item : items) {
      try (var _ = rendering.enterScope()) {
        rendering.assign(names, item);
        if (Python.truth(rendering.value(condition))) {
          selected.add(item);
        }
      }
    }
    return selected;
  }

  /** Where the else of the loop stands among its children. */
  private static int otherwise(TagNode node) {
    List<Node> children = node.getChildren();
    for (int i = 0; i < children.size(); i++) {
      if (children.get(i) instanceof TagNode tag && tag.getName().equals("else")) {
        return i;
      }
    }
    return children.size();
  }

  private static String rendered(
      Loop loop, List<String> names, List<Node> body, Rendering rendering) {
    StringBuilder text = new StringBuilder();
    while (loop.hasNext()) {
      rendering.step();
      try (var _ = rendering.enterScope()) {
        rendering.assign(names, loop.next());
        rendering.getContext().put(LOOP, loop);
        for (Node child : body) {
          Methods.append(text, child.render(rendering).getValue());
          if (loop.isContinued()) {
            break;
          }
        }
      }
    }
    return text.toString();
  }
}
