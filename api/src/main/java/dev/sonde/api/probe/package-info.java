/** Probes: what they ask for beforehand, and what they work on. */
@ApiStatus(ApiStatus.Level.EXPERIMENTAL)
package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
