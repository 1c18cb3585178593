/**
 * GGUF files, as llama.cpp and related tools write them: checked reading, and decoding of quantised
 * numbers. See the GGUF specification of the ggml project. Package {@code model} interprets a file
 * as a model.
 */
package dev.sonde.formats.gguf;
