package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.fn.MacroFunction;
import com.hubspot.jinjava.lib.tag.MacroTag;
import com.hubspot.jinjava.tree.TagNode;
import java.io.Serial;
import java.util.LinkedHashMap;

/** {@code macro}, which sees the variables of the place where it stands, not of its callers. */
final class MacroDefinitionTag extends MacroTag {
  @Serial private static final long serialVersionUID = 1;

  @Override
  @SuppressWarnings("NonApiType") // Jinjava's signature
  protected MacroFunction constructMacroFunction(
      TagNode node,
      JinjavaInterpreter interpreter,
      String name,
      LinkedHashMap<String, Object> defaults) {
    return new Macro(node.getChildren(), name, defaults, interpreter.getContext());
  }
}
