/** The backend {@code replay}, and the tokenizer of texts that it replays. */
package dev.sonde.backend.replay;
