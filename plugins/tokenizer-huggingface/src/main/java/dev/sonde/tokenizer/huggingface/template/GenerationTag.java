package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import java.io.Serial;

/** {@code generation}, by which templates mark what the model writes; its content as it is. */
final class GenerationTag implements Tag {
  @Serial private static final long serialVersionUID = 1;

  @Override
  public String getName() {
    return "generation";
  }

  @Override
  public String getEndTagName() {
    return "endgeneration";
  }

  @Override
  public String interpret(TagNode node, JinjavaInterpreter interpreter) {
    try (var _ = interpreter.enterScope()) {
      return ((Rendering) interpreter).text(node.getChildren());
    }
  }
}
