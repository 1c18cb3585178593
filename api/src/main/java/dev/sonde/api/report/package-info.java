/** What a probe reports: pure data, rendered by the engine. */
@ApiStatus(ApiStatus.Level.EXPERIMENTAL)
package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
