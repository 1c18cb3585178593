/** What a probe reports: pure data, which the engine renders. */
package dev.sonde.api.report;
