/**
 * Chat templates. Jinjava reads the template and walks it; what its expressions mean is said here,
 * as Python says it, because Jinjava's own meaning differs without a word: undefined names print as
 * "null", "1" equals 1, {@code not a is b} negates a, and values are Java objects. A template sees
 * texts, numbers, lists and maps, never a Java method.
 *
 * <ul>
 *   <li>{@code ChatTemplate}: a template with its tokens, rendered for conversations.
 *   <li>{@code Whitespace}, {@code Grammar}, {@code LoopTag}, {@code ConditionTag}, {@code
 *       GenerationTag}: where the language differs from Jinjava's.
 *   <li>{@code Rendering}: one run of a template, with its bounds.
 *   <li>{@code Python}, {@code Methods}, {@code Filters}, {@code Tests}, {@code Globals}, {@code
 *       Json}, {@code Strftime}: what values are and can do.
 * </ul>
 */
package dev.sonde.tokenizer.huggingface.template;
