package dev.sonde.formats.hub;

/** Is told what happens while a snapshot is fetched, on the thread that asked for it. */
public interface HubListener {
  /** Listens to nothing. */
  HubListener SILENT = new HubListener() {};

  /**
   * More of a file has arrived. Called first with what was there before, then for every piece: draw
   * less often than that.
   *
   * @param file its name in the repository
   * @param done bytes that are on disk
   * @param total bytes of the whole file
   */
  default void progress(String file, long done, long total) {}

  /** Something the user should know, though it goes on. */
  default void warning(String message) {}
}
