/**
 * A GGUF file as the Hugging Face folder it was converted from. {@code GgufModel} undoes what
 * llama.cpp's converter does, and {@code GgufConversion} writes the folder. Each family is a class
 * that maps tensors to weights and keys to fields.
 */
package dev.sonde.formats.gguf.model;
