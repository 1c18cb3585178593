package dev.sonde.tokenizer.huggingface.template;

/**
 * What a name or an item stands for that does not exist: prints as nothing, is false and empty, and
 * anything else that is done with it is an error.
 *
 * @param what the missing thing, for the message of that error
 */
record Undefined(String what) {
  TemplateException error() {
    return new TemplateException(what);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "";
  }
}
