package dev.sonde.formats.huggingface;

/**
 * Inputs that each block has of its own: a row for every token, of a table and of the token's
 * embedding, that a block gates and adds (Gemma 3n and 4).
 *
 * @param width width of one block's input
 * @param vocabulary number of token ids that the table knows; the others have row 0
 * @param activation the non-linearity of the gate
 */
public record PerLayerSpec(int width, int vocabulary, Activation activation) {}
