package dev.sonde.tokenizer.huggingface.template;

import java.util.AbstractList;

/** Python's range: a list of numbers that nobody wrote down. */
final class Range extends AbstractList<Object> {
  /** As in Jinja2's sandbox. */
  private static final int LONGEST = 100_000;

  private final long start;
  private final long stop;
  private final long step;
  private final int size;

  Range(long start, long stop, long step) {
    if (step == 0) {
      throw new TemplateException("a range's step is zero");
    }
    this.start = start;
    this.stop = stop;
    this.step = step;
    double size = Math.ceil(((double) stop - start) / step);
    if (size > LONGEST) {
      throw new TemplateException("a range is longer than " + LONGEST);
    }
    this.size = (int) Math.max(0, size);
  }

  @Override
  public Object get(int index) {
    return start + index * step;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String toString() {
    return step == 1
        ? "range(%d, %d)".formatted(start, stop)
        : "range(%d, %d, %d)".formatted(start, stop, step);
  }
}
