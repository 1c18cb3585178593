package dev.sonde.formats.huggingface;

/**
 * An MLP that every token goes through.
 *
 * @param activation the non-linearity
 * @param width its inner width
 */
public record DenseSpec(Activation activation, int width) implements MlpSpec {}
