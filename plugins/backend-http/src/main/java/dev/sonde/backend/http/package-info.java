/** The backend {@code http}. */
package dev.sonde.backend.http;
