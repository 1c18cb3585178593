package dev.sonde.dataset.parquet;

import dev.sonde.api.Plugin;
import dev.sonde.api.data.DatasetFactory;
import java.util.List;

/** Offers the data set format {@code parquet}. */
public final class ParquetPlugin implements Plugin {
  /** For the service loader. */
  public ParquetPlugin() {}

  @Override
  public String id() {
    return "dataset-parquet";
  }

  @Override
  public List<DatasetFactory> datasets() {
    return List.of(new ParquetFiles());
  }
}
