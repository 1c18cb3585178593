package dev.sonde.engine.fitted;

import dev.sonde.api.SondeException;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.fit.DecoderFailure;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.PluginRequiredException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A decoder whose calls run as its plugin expects them, and whose scores are one finite number a
 * row.
 *
 * @param name its name in the experiment
 * @param plugin whose it is
 * @param decoder the plugin's own
 */
record GuardedDecoder(String name, LoadedPlugin plugin, Decoder decoder) implements Decoder {
  @Override
  public Scorer fit(Design train, Targets targets) {
    return checked(called("fit", () -> decoder.fit(train, targets)), train.columns());
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    List<Scorer> scorers = called("fit", () -> decoder.fitAll(train, many));
    if (scorers.size() != many.size()) {
      throw failure("gave %d scorers for %d labelings".formatted(scorers.size(), many.size()));
    }
    return scorers.stream().map(scorer -> checked(scorer, train.columns())).toList();
  }

  @Override
  public Scorer restored(ScorerForm form) {
    return checked(called("restore a scorer", () -> decoder.restored(form)));
  }

  private Scorer checked(@org.jspecify.annotations.Nullable Scorer scorer) {
    if (scorer == null) {
      throw failure("gave null in the place of a scorer");
    }
    return rows -> scores(scorer, rows);
  }

  @Override
  public boolean closedForm() {
    return called("say whether it is closed-form", decoder::closedForm);
  }

  /** One that fails to say it is asked for fits. */
  @Override
  public Optional<LinearForm> linearForm() {
    try {
      return called("tell its form", decoder::linearForm);
    } catch (DecoderFailure e) {
      return Optional.empty();
    }
  }

  private <T> T called(String task, Supplier<T> code) {
    try {
      return plugin.guarded("%s with the decoder '%s'".formatted(task, name), code);
    } catch (PluginRequiredException e) {
      throw new DecoderFailure(String.valueOf(e.getMessage()), e);
    } catch (SondeException e) { // thrown by the decoder, or by what it asked of its rows
      throw new DecoderFailure(said("failed: " + e.getMessage()), e);
    }
  }

  private Scorer checked(@org.jspecify.annotations.Nullable Scorer scorer, int columns) {
    if (scorer == null) {
      throw failure("gave null in the place of a scorer");
    }
    Scorer plain = plain(scorer, columns);
    return called("tell its remark", scorer::remark).map(plain::remarked).orElse(plain);
  }

  private Scorer plain(Scorer scorer, int columns) {
    Optional<double[]> linear = called("tell the weights", scorer::linearWeights);
    if (linear.isEmpty()) {
      return new Scorer() {
        @Override
        public double[] score(Design rows) {
          return scores(scorer, rows);
        }

        @Override
        public Optional<ScorerForm> form() {
          return called("tell the form", scorer::form);
        }
      };
    }
    double[] weights = linear.get();
    if (weights.length != columns) {
      throw failure("gave %d weights for %d columns".formatted(weights.length, columns));
    }
    for (double weight : weights) {
      requireFinite(weight, "weight");
    }
    double bias = called("tell the bias", scorer::bias);
    requireFinite(bias, "bias");
    return Scorer.linear(weights, bias);
  }

  private double[] scores(Scorer scorer, Design rows) {
    double[] scores = called("score", () -> scorer.score(rows));
    if (scores.length != rows.rows()) {
      throw failure("gave %d scores for %d rows".formatted(scores.length, rows.rows()));
    }
    for (double score : scores) {
      requireFinite(score, "score");
    }
    return scores;
  }

  private void requireFinite(double value, String what) {
    if (!Double.isFinite(value)) {
      throw failure("gave a %s that is no number: %s".formatted(what, value));
    }
  }

  private DecoderFailure failure(String what) {
    return new DecoderFailure(said(what));
  }

  private String said(String what) {
    return "the decoder '%s' of plugin '%s' %s".formatted(name, plugin.id(), what);
  }
}
