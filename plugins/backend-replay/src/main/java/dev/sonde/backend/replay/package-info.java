/** The backend {@code replay}, and the tokenizer for the texts it replays. */
package dev.sonde.backend.replay;
