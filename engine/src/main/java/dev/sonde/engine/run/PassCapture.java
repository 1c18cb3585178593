package dev.sonde.engine.run;

import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.Capture;

/**
 * The activations of a pass beside the main one.
 *
 * @param freshWeights whether its model is the control with fresh weights; else it is the main
 *     model on a further data set
 */
record PassCapture(Preparation.Pass pass, Capture capture, boolean freshWeights) {
  static PassCapture of(Preparation.Pass pass, ActivationStore store, boolean freshWeights) {
    return new PassCapture(
        pass, new Capture(store, pass.model(), pass.plan().rows().ids()), freshWeights);
  }

  void ensure(Capture.Progress progress) {
    capture.ensure(pass.plan().reads(), progress);
  }

  String study() {
    return pass.study().name();
  }
}
