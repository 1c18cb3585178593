/** The reference backend; see the module. */
package dev.sonde.backend.reference;
