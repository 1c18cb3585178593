package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.SetTag;
import com.hubspot.jinjava.tree.TagNode;
import java.io.Serial;
import java.util.List;

/** {@code set} with Python's tuples on either side. */
final class AssignmentTag extends SetTag {
  @Serial private static final long serialVersionUID = 1;

  @Override
  public String interpret(TagNode node, JinjavaInterpreter interpreter) {
    String helpers = node.getHelpers();
    int sign = helpers.indexOf('=');
    if (sign < 0) {
      return super.interpret(node, interpreter);
    }
    Rendering rendering = (Rendering) interpreter;
    List<Object> values = Python.iterable(rendering.value("[" + helpers.substring(sign + 1) + "]"));
    rendering.assign(
        Rendering.names(helpers.substring(0, sign)),
        values.size() == 1 ? values.getFirst() : new Tuple(values));
    return "";
  }
}
