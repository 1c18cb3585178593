import org.jspecify.annotations.NullMarked;

/**
 * What model backends share: checking a request against what a model can do, packing sequences into
 * batches without padding, selecting the rows of a read from a batch, and streaming them. A
 * library; every backend carries its own copy.
 */
@NullMarked
module dev.sonde.packing {
  requires static transitive org.jspecify;
  requires static dev.sonde.formats;
  requires transitive dev.sonde.api;

  exports dev.sonde.packing;
  exports dev.sonde.packing.folder;
}
