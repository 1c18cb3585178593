/** What backends of Hugging Face folders and GGUF files share; it needs the library formats. */
package dev.sonde.packing.folder;
