/** Models in GGUF files, run by llama.cpp; see the module. */
package dev.sonde.backend.llamacpp;
