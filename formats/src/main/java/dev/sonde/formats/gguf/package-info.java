/**
 * GGUF files, as llama.cpp and its relatives write them: checked reading, and decoding of quantised
 * numbers. See the GGUF specification of the ggml project. What a file means as a model is the
 * business of {@code model}.
 */
package dev.sonde.formats.gguf;
