/** Matrices over memory segments, and dense linear algebra on them. */
@ApiStatus(ApiStatus.Level.EXPERIMENTAL)
package dev.sonde.api.linalg;

import dev.sonde.api.ApiStatus;
