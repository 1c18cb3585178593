/** Settings that a factory publishes, and the configuration that it is given. */
package dev.sonde.api.config;
