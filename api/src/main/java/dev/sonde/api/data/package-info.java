/** Studies: examples with text, label, group and further columns. */
package dev.sonde.api.data;
