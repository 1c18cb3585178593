/** The service type {@link dev.sonde.api.Plugin}, what its factories share, and the exceptions. */
@ApiStatus(ApiStatus.Level.EXPERIMENTAL)
package dev.sonde.api;
