import org.jspecify.annotations.NullMarked;

/**
 * Parquet files as data sets, read by Hardwood. This module requires zstd so that Hardwood finds
 * it.
 */
@NullMarked
module dev.sonde.dataset.parquet {
  requires static org.jspecify;
  requires com.github.luben.zstd_jni;
  requires dev.hardwood.core;
  requires dev.sonde.api;

  provides dev.sonde.api.Plugin with
      dev.sonde.dataset.parquet.ParquetPlugin;
}
