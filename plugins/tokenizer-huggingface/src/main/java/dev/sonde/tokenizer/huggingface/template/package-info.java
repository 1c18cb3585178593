/**
 * Chat templates: the part of Jinja2 that they use, with Python's semantics and the settings of
 * transformers. A template sees texts, numbers, lists and maps, and never a Java method or a file.
 *
 * <ul>
 *   <li>{@code ChatTemplate}: a template with its tokens, rendered for conversations.
 *   <li>{@code Lexer}, {@code Parser}, {@code ExpressionParser}, {@code Suffixes}: from text to
 *       {@code Token}s, and on to {@code Statement}s and {@code Expression}s.
 *   <li>{@code Rendering}, {@code Evaluation}, {@code Scope}, {@code Macro}, {@code Loop}: one run
 *       of a template, with its limits.
 *   <li>{@code Python}, {@code Arithmetic}, {@code PrintedText}, {@code Strings}, {@code Methods},
 *       {@code Filters}, {@code Sequences}, {@code Tests}, {@code Globals}, {@code Format}, {@code
 *       Json}, {@code Strftime}: what values are and can do.
 * </ul>
 */
package dev.sonde.tokenizer.huggingface.template;
