/** Contracts of the SPI, as abstract JUnit tests. */
package dev.sonde.testkit;
