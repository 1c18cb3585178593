package dev.sonde.engine.run;

/** Hears how far a run is. */
public interface Progress {
  /**
   * Called often.
   *
   * @param what the work, in a few words
   * @param done how much is done
   * @param total of how much; 0 where that is not known
   */
  void at(String what, long done, long total);

  /** A remark that the user should see, such as a plugin that failed to load. */
  void warning(String text);
}
