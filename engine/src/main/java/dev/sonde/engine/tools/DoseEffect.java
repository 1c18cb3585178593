package dev.sonde.engine.tools;

import dev.sonde.statistics.Estimate;
import java.util.Optional;

/**
 * What one dose of a direction does.
 *
 * @param dose what factors are multiplied by
 * @param effect what is wanted of it, the mean over prompts
 * @param share of the prompts behind which the wanted happens
 * @param harm by how much neutral text becomes less likely, in nats a token
 * @param drift how far predictions on it move (Kullback–Leibler divergence), in nats a token; empty
 *     where the backend gives no logits
 * @param within whether both lie within the limit
 */
public record DoseEffect(
    double dose,
    Estimate effect,
    double share,
    Estimate harm,
    Optional<Estimate> drift,
    boolean within) {}
