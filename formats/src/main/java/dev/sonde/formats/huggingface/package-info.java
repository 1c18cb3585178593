/** Hugging Face model folders: config.json, weights, tokenizer files. */
package dev.sonde.formats.huggingface;
