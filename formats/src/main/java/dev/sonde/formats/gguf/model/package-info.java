/**
 * A GGUF file as the Hugging Face folder it was converted from: {@code GgufModel} undoes what
 * llama.cpp's converter does, {@code GgufConversion} writes the folder. A family is a class that
 * says which tensors are which weights, and which keys are which fields.
 */
package dev.sonde.formats.gguf.model;
