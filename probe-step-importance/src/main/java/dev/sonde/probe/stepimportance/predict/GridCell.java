package dev.sonde.probe.stepimportance.predict;

/** How well one block at one position of the step tells importance, chains held out. */
public record GridCell(int layer, String position, double accuracy) {}
