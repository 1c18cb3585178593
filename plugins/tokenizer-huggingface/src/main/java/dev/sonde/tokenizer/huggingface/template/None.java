package dev.sonde.tokenizer.huggingface.template;

/** Python's None; a JSON null. */
enum None {
  NONE;

  @Override
  public String toString() {
    return "None";
  }
}
