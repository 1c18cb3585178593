package dev.sonde.statistics;

/**
 * Where two shares may lie together: an ellipse on the logit scale, which keeps both between 0 and
 * 1, and how far apart the two are on it.
 *
 * @param least the least difference, the first less the second
 * @param most the largest
 */
record LogitEllipse(double least, double most) {
  private static final int PLACES = 720;

  /**
   * The ellipse about two shares. It has no extent where one of them is 0 or 1, or nothing is known
   * of its spread.
   *
   * @param ofFirst the first one's squared half axis as the share is, not on the logit scale
   * @param ofSecond the same of the second
   * @param ofBoth the correlation of the two times both half axes
   */
  static LogitEllipse of(
      double first, double second, double ofFirst, double ofSecond, double ofBoth) {
    double difference = first - second;
    double least = difference;
    double most = difference;
    if (inside(first) && inside(second) && ofFirst >= 0 && ofSecond >= 0) {
      double size = Math.sqrt(ofFirst * ofSecond);
      double correlation = size > 0 ? Math.max(-1, Math.min(1, ofBoth / size)) : 0;
      double across = Math.sqrt(1 - correlation * correlation);
      double axisOfFirst = Math.sqrt(ofFirst) / (first * (1 - first));
      double axisOfSecond = Math.sqrt(ofSecond) / (second * (1 - second));
      for (int place = 0; place < PLACES; place++) {
        double angle = 2 * Math.PI * place / PLACES;
        double along = Math.cos(angle);
        double there =
            share(logit(first) + axisOfFirst * along)
                - share(
                    logit(second)
                        + axisOfSecond * (correlation * along + across * Math.sin(angle)));
        least = Math.min(least, there);
        most = Math.max(most, there);
      }
    }
    return new LogitEllipse(least, most);
  }

  /** Whether it is more than a point, or than a line along which the two do not differ. */
  boolean hasExtent() {
    return most - least > 1e-12;
  }

  private static boolean inside(double share) {
    return share > 0 && share < 1;
  }

  private static double logit(double share) {
    return Math.log(share / (1 - share));
  }

  private static double share(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
