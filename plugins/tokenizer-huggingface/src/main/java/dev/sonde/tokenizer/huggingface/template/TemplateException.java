package dev.sonde.tokenizer.huggingface.template;

import java.io.Serial;

/** A template cannot be read, cannot be rendered, or refuses a conversation. */
final class TemplateException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  TemplateException(String message) {
    super(message);
  }

  TemplateException(String message, Throwable cause) {
    super(message, cause);
  }

  static TemplateException unsupported(String what) {
    return new TemplateException(what + " is not supported");
  }
}
