import org.jspecify.annotations.NullMarked;

/**
 * What model backends share: the check of a request against what a model can do, sequences packed
 * into batches without padding, the rows that a read selects of a batch, and the stream that hands
 * them out. A library; every backend carries its own copy.
 */
@NullMarked
module dev.sonde.packing {
  requires static transitive org.jspecify;
  requires static transitive dev.sonde.formats;
  requires transitive dev.sonde.api;

  exports dev.sonde.packing;
  exports dev.sonde.packing.folder;
}
