/** The engine's own dense linear algebra, for runs without a native provider. */
package dev.sonde.engine.linalg;
