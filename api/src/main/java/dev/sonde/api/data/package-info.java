/** Studies: examples with text, label, group and further columns. */
@ApiStatus(ApiStatus.Level.EXPERIMENTAL)
package dev.sonde.api.data;

import dev.sonde.api.ApiStatus;
