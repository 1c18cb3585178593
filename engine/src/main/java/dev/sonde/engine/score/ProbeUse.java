package dev.sonde.engine.score;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.engine.data.RowStream.Streamed;
import dev.sonde.engine.fitted.Decoders;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.fitted.SavedProbe.Reading;
import dev.sonde.engine.host.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A probe while it scores: what of its card holds for this reading, and the scores of one part. */
final class ProbeUse {
  private final ScoredBy scoredBy;
  private final boolean asMade;
  private final double threshold;
  private final boolean eachToken;
  private final Optional<LabelledScores> labelled;
  private final Progress progress;
  private double[] own = {};
  private double[][] ofTokens = {};
  private boolean warned;

  private ProbeUse(
      ScoredBy scoredBy,
      boolean asMade,
      double threshold,
      boolean eachToken,
      Optional<LabelledScores> labelled,
      Progress progress) {
    this.scoredBy = scoredBy;
    this.asMade = asMade;
    this.threshold = threshold;
    this.eachToken = eachToken;
    this.labelled = labelled;
    this.progress = progress;
  }

  /** A probe as it is asked for. */
  static ProbeUse of(
      SavedProbe probe,
      ScoreRequest request,
      Decoders decoders,
      LinearAlgebra algebra,
      Progress progress) {
    Optional<TokenAggregate> aggregate = aggregate(probe, request);
    Reading read =
        new Reading(
            probe.reading().point(),
            probe.reading().selector(),
            probe.reading().reduction(),
            probe.reading().width(),
            aggregate.map(TokenAggregate::word).orElse(""),
            request.over());
    boolean asMade = read.equals(probe.reading());
    if (!asMade) {
      progress.warning(
          "the probe '%s' is read otherwise than it was made: its thresholds and probabilities do not hold, and none are given (--calibrate with labelled texts makes others)"
              .formatted(probe.name()));
    }
    return new ProbeUse(
        new ScoredBy(probe, decoders, algebra, aggregate, request.tokens()),
        asMade,
        threshold(probe, request, asMade, progress),
        request.tokens(),
        request.labels().map(labels -> new LabelledScores(probe, read, labels)),
        progress);
  }

  /** As asked for, else as the probe was calibrated, else what its reading is over fewer tokens. */
  private static Optional<TokenAggregate> aggregate(SavedProbe probe, ScoreRequest request) {
    if (request.aggregate().isPresent()) {
      return request.aggregate();
    }
    if (!probe.reading().aggregate().isEmpty()) {
      return Optional.of(TokenAggregate.parse(probe.reading().aggregate()));
    }
    if (request.over().equals("all")) {
      return Optional.empty();
    }
    if (!List.of("last", Read.MEAN).contains(probe.reading().tokens())) {
      throw new InvalidInputException(
          "the probe '%s' reads %s: say with --aggregate how its scores of the tokens that count become one"
              .formatted(probe.name(), probe.reading().tokens()));
    }
    return Optional.of(TokenAggregate.parse(probe.reading().tokens()));
  }

  private static double threshold(
      SavedProbe probe, ScoreRequest request, boolean asMade, Progress progress) {
    if (request.above().isPresent()) {
      return request.above().getAsDouble();
    }
    if (!asMade || probe.graded()) {
      return Double.NaN;
    }
    boolean has =
        probe.thresholds().stream().anyMatch(one -> Math.abs(one.asked() - request.rate()) < 1e-9);
    if (!has) {
      progress.warning(
          "the probe '%s' has no threshold for a false-positive rate of %s (it has those of %s), and flags nothing"
              .formatted(
                  probe.name(),
                  request.rate(),
                  probe.thresholds().stream().map(SavedProbe.KeptThreshold::asked).toList()));
    }
    return has ? probe.threshold(request.rate()).score() : Double.NaN;
  }

  ScoredBy scoredBy() {
    return scoredBy;
  }

  Optional<LabelledScores> labelled() {
    return labelled;
  }

  /** Makes room for the scores of some rows. */
  void begin(List<int[]> ids) {
    own = new double[ids.size()];
    ofTokens = ids.stream().map(row -> new double[row.length]).toArray(double[][]::new);
  }

  /** Scores what was read, where it is this probe's. */
  void take(Rows rows) {
    boolean isOwn = scoredBy.ownRead().filter(rows.read()::equals).isPresent();
    boolean isTokens = scoredBy.tokenRead().filter(rows.read()::equals).isPresent();
    if (!isOwn && !isTokens) {
      return;
    }
    double[] scores = scoredBy.scores(rows);
    for (int row = 0; row < scores.length; row++) {
      if (isOwn) {
        own[rows.sequences()[row]] = scores[row];
      }
      if (isTokens) {
        ofTokens[rows.sequences()[row]][rows.places()[row]] = scores[row];
      }
    }
  }

  /** The score of a row whose reads have all been taken. */
  TextScore finished(int row, Streamed streamed, Optional<TokenPlaces> places) {
    Example example = streamed.example();
    double[] each = ofTokens[row];
    double score =
        scoredBy
            .aggregate()
            .map(aggregate -> aggregate.of(counting(each, places.orElseThrow())))
            .orElse(own[row]);
    if (!Double.isFinite(score) && !warned) {
      warned = true;
      progress.warning(
          "row '%s' has no score: the model's activations hold NaN or infinity; run it in float32"
              .formatted(example.id()));
    }
    labelled.ifPresent(all -> all.add(example, score));
    double probability =
        asMade
            ? scoredBy.probe().curve().map(curve -> curve.probability(score)).orElse(Double.NaN)
            : Double.NaN;
    List<TextScore.TokenScore> tokens = new ArrayList<>();
    if (eachToken) {
      TokenPlaces at = places.orElseThrow();
      for (int t = 0; t < each.length; t++) {
        tokens.add(
            new TextScore.TokenScore(
                at.texts()[t], at.from()[t], at.to()[t], each[t], at.counts()[t]));
      }
    }
    return new TextScore(
        example.id(), scoredBy.probe().name(), score, probability, threshold, tokens);
  }

  private static double[] counting(double[] each, TokenPlaces places) {
    return IntStream.range(0, each.length)
        .filter(t -> places.counts()[t])
        .mapToDouble(t -> each[t])
        .toArray();
  }
}
