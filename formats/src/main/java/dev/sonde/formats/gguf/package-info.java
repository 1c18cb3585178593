/**
 * GGUF files, as llama.cpp and its relatives write them: reading, decoding of quantised numbers,
 * and a view of a model as the Hugging Face folder it was converted from. See the GGUF
 * specification of the ggml project.
 *
 * <ul>
 *   <li>{@code GgufFile}, {@code GgufMetadata}, {@code GgufTensor}, {@code GgufType}: the file as
 *       it is.
 *   <li>{@code GgufModel}: configuration, weights and tokenizer under Hugging Face's names.
 *   <li>{@code GgufConversion}: writes that folder.
 * </ul>
 */
package dev.sonde.formats.gguf;
