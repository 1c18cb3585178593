package dev.sonde.engine.run;

import dev.sonde.engine.host.Progress;

/**
 * Notes how long each stage of a probe's work took: what it says of its progress, up to a " for "
 * or " along " that names what it is at, is the name of a stage.
 */
final class StageTimes implements Progress {
  private static final double NANOS = 1e9;

  private final Progress whole;
  private final Timing timing;
  private final String probe;
  private String stage = "";
  private long since = System.nanoTime();

  StageTimes(Progress whole, Timing timing, String probe) {
    this.whole = whole;
    this.timing = timing;
    this.probe = probe;
  }

  @Override
  public void at(String what, long done, long total) {
    String next = what.replaceAll(" (for|along) .*", "");
    if (!next.equals(stage)) {
      end();
      stage = next;
    }
    whole.at(what, done, total);
  }

  /** The stage that is under way ends. */
  void end() {
    long now = System.nanoTime();
    if (!stage.isEmpty()) {
      timing.addSeconds("probe %s: %s seconds".formatted(probe, stage), (now - since) / NANOS);
    }
    stage = "";
    since = now;
  }

  @Override
  public void warning(String text) {
    whole.warning(text);
  }
}
