/** Settings that a factory publishes, and the configuration it gets. */
package dev.sonde.api.config;
