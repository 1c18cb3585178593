/**
 * The road of the data: {@code Items} are tokenized, {@code Gradients} streams what linears take
 * and the gradients of what they give, {@code Factors} holds the curvature fitted on them, {@code
 * QuerySide} the preconditioned gradients of queries, {@code Scores} what documents score; the rest
 * says what the scores amount to.
 */
package dev.sonde.probe.influence;
