package dev.sonde.engine.host;

/** Hears how far a run is. */
public interface Progress {
  /** Nobody hears. */
  Progress NONE =
      new Progress() {
        @Override
        public void at(String what, long done, long total) {}

        @Override
        public void warning(String text) {}
      };

  /**
   * Called often.
   *
   * @param what the work, in a few words
   * @param done how much is done
   * @param total of how much; 0 where that is not known
   */
  void at(String what, long done, long total);

  /** Work goes on that is shown already, perhaps in another process. */
  default void alive() {}

  /** A remark that the user should see, such as a plugin that failed to load. */
  void warning(String text);

  /** The same, each work named after what it belongs to, for example a probe. */
  default Progress under(String owner) {
    Progress whole = this;
    return new Progress() {
      @Override
      public void at(String what, long done, long total) {
        whole.at(owner + ": " + what, done, total);
      }

      @Override
      public void alive() {
        whole.alive();
      }

      @Override
      public void warning(String text) {
        whole.warning(text);
      }
    };
  }
}
