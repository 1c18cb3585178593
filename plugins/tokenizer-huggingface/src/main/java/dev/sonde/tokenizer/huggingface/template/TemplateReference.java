package dev.sonde.tokenizer.huggingface.template;

/** What {@code self} is in a template without blocks: it has no members. */
record TemplateReference() {
  static final String NAME = "self";

  @Override
  public String toString() {
    return "<TemplateReference None>";
  }
}
