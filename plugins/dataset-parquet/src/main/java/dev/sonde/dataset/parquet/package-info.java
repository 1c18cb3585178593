/** The Parquet plugin; see the module. */
package dev.sonde.dataset.parquet;
