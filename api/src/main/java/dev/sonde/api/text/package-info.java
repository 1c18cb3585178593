/** Tokenizers. */
package dev.sonde.api.text;
