/** The service type {@link dev.sonde.api.Plugin}, what its factories share, and the exceptions. */
package dev.sonde.api;
