package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.IfTag;
import com.hubspot.jinjava.tree.TagNode;
import java.io.Serial;

/** {@code if} by Python's truth, for which the text "false" is true. */
final class ConditionTag extends IfTag {
  @Serial private static final long serialVersionUID = 1;

  @Override
  public boolean isPositiveIfElseNode(TagNode node, JinjavaInterpreter interpreter) {
    return Python.truth(((Rendering) interpreter).value(node.getHelpers()));
  }
}
