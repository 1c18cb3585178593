package dev.sonde.engine.data;

import dev.sonde.api.data.DatasetFactory;
import dev.sonde.api.data.DatasetFactory.Row;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Readers of rows: some of the engine, then those of plugins, each called as its owner expects. */
final class RowReaders {
  private final List<DatasetFactory> own;
  private final List<Offer<DatasetFactory>> offers;

  RowReaders(List<DatasetFactory> own, PluginRegistry plugins) {
    this.own = List.copyOf(own);
    this.offers = plugins.all(ExtensionKind.DATASET);
  }

  /** Their names, in the order in which they are asked. */
  List<String> names() {
    return Stream.concat(
            own.stream().map(DatasetFactory::name),
            offers.stream().map(offer -> offer.factory().name()))
        .toList();
  }

  /**
   * What hands over the rows of a file.
   *
   * @param named the reader; empty for the first that takes the file by its looks
   * @return empty where none takes it
   */
  Optional<Consumer<Consumer<Row>>> of(Path file, String named) {
    for (DatasetFactory reader : own) {
      if (named.isEmpty() ? reader.reads(file) : reader.name().equals(named)) {
        return Optional.of(rows -> reader.read(file, rows));
      }
    }
    for (Offer<DatasetFactory> offer : offers) {
      String name = offer.factory().name();
      String what = "%s with the reader '%s'".formatted(file, name);
      boolean takes =
          named.isEmpty()
              ? offer.guarded("look at " + what, reader -> reader.reads(file))
              : name.equals(named);
      if (takes) {
        return Optional.of(
            rows ->
                offer.guarded(
                    "read " + what,
                    reader -> {
                      reader.read(file, row -> rows.accept(Objects.requireNonNull(row, "a row")));
                      return true;
                    }));
      }
    }
    return Optional.empty();
  }
}
