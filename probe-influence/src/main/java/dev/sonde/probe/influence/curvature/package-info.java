/**
 * The curvature of each linear, fitted on documents: second moments, their eigenbases, and squared
 * gradients in them. {@code CurvatureFit} is the entry point and returns {@code Factors}.
 */
package dev.sonde.probe.influence.curvature;
