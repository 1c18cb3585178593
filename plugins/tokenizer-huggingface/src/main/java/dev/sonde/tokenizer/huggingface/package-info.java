/** The tokenizer plugin; see the module. */
package dev.sonde.tokenizer.huggingface;
