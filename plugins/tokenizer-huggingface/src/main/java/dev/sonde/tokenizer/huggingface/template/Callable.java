package dev.sonde.tokenizer.huggingface.template;

/** Something that a template can call: a global function, a macro, a method of a value. */
@FunctionalInterface
interface Callable {
  Object call(Arguments arguments);
}
