/** What a probe reports: pure data, rendered by the engine. */
package dev.sonde.api.report;
