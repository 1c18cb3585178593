package dev.sonde.engine.run;

import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.Capture;

/**
 * The activations of a pass beside the main one.
 *
 * @param name of the data set or of the model
 */
record PassCapture(Preparation.Pass pass, Capture capture, Kind kind, String name) {
  /** In what a pass differs from the main one. */
  enum Kind {
    /** The model has fresh weights. */
    FRESH_WEIGHTS,
    /** The data set is a further one. */
    SET,
    /** The model is a further one. */
    MODEL
  }

  static PassCapture of(Preparation.Pass pass, ActivationStore store, Kind kind, String name) {
    Capture capture = new Capture(store, pass.model(), pass.plan().rows().ids());
    return new PassCapture(pass, capture, kind, name);
  }

  void ensure(Capture.Progress progress) {
    capture.ensure(pass.plan().reads(), progress);
  }
}
