package dev.sonde.probe.linear;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;
import java.util.List;
import java.util.function.Function;

/** The closed-form decoders as what is offered: name, summary, settings. */
record ClosedForm(String name, String summary, Settings settings, Function<Config, Decoder> make)
    implements DecoderFactory {

  static final ClosedForm DIFFERENCE_OF_MEANS =
      new ClosedForm(
          "difference_of_means",
          "projection on the difference of the class means",
          Settings.none(),
          config -> new DifferenceOfMeans());

  static final ClosedForm RIDGE =
      new ClosedForm(
          "ridge",
          "least squares on the labels with an L2 penalty, on standardised features",
          Settings.none()
              .real(
                  "penalty",
                  1,
                  "the penalty, in units of the mean variance of a standardised feature"),
          config -> new Ridge(config.real("penalty")));

  static final ClosedForm LDA =
      new ClosedForm(
          "lda",
          "linear discriminant analysis with a shrunk within-class covariance, on standardised features",
          Settings.none()
              .real(
                  "shrinkage",
                  0.1,
                  "share of the mean variance in the covariance, above 0 and at most 1"),
          config -> new DiscriminantAnalysis(config.real("shrinkage")));

  static final ClosedForm MASS_MEAN =
      new ClosedForm(
          "mass_mean",
          "difference of the class means, multiplied by the inverse covariance"
              + " without shrinkage",
          Settings.none(),
          config -> new MassMean());

  static final ClosedForm PCA =
      new ClosedForm(
          "pca",
          "first principal component; labels decide only its sign",
          Settings.none(),
          config -> new PrincipalComponent());

  static final List<DecoderFactory> ALL = List.of(DIFFERENCE_OF_MEANS, RIDGE, LDA, MASS_MEAN, PCA);

  @Override
  public Decoder create(Config config) {
    return make.apply(config);
  }
}
