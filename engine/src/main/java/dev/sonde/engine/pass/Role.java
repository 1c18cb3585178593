package dev.sonde.engine.pass;

/**
 * Which model runs over which data set, by their names in the experiment.
 *
 * @param model a further model's name, {@link #MAIN}, or {@link #FRESH_WEIGHTS}
 * @param set a further data set's name, or {@link #MAIN}
 */
public record Role(String model, String set) {
  /** The experiment's main model, or its main data set. */
  public static final String MAIN = "";

  /** The main model's shape with weights drawn afresh; no name that an experiment can give. */
  public static final String FRESH_WEIGHTS = "fresh weights";

  /** The main model over the main data set. */
  public static final Role MAIN_PASS = new Role(MAIN, MAIN);

  /** The main model's shape with fresh weights, over the main data set. */
  public static final Role FRESH_PASS = new Role(FRESH_WEIGHTS, MAIN);
}
