/** Matrices over memory segments, and dense linear algebra on them. */
package dev.sonde.api.linalg;
