/**
 * The curvature of each linear, fitted on documents: second moments, their eigenbases, and squared
 * gradients in them. {@code CurvatureFit} is the door; {@code Factors} is what it gives.
 */
package dev.sonde.probe.influence.curvature;
