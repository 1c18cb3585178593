/** The report of a run as data, and its three renderings: JSON, Markdown, HTML. */
package dev.sonde.engine.report;
