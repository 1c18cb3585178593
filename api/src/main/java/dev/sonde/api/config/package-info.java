/** Settings that a factory publishes, and the configuration that it is given. */
@ApiStatus(ApiStatus.Level.EXPERIMENTAL)
package dev.sonde.api.config;

import dev.sonde.api.ApiStatus;
