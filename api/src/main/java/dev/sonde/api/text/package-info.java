/** Tokenizers. */
@ApiStatus(ApiStatus.Level.EXPERIMENTAL)
package dev.sonde.api.text;

import dev.sonde.api.ApiStatus;
