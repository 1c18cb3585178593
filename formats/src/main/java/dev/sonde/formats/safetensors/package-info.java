/**
 * The safetensors format: an 8-byte header length, a JSON header, raw little-endian tensors. See
 * the specification of the safetensors project.
 */
package dev.sonde.formats.safetensors;
