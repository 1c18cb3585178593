package dev.sonde.backend.replay;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.testkit.BackendContract;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A plain matrix of rows as a model. */
class ReplayBackendTest extends BackendContract {
  private static final int ROWS = 6;
  private static final int WIDTH = 4;

  @Override
  protected ModelBackendFactory factory() {
    return new ReplayBackendFactory();
  }

  @Override
  protected Path model(Path place) throws IOException {
    MemorySegment cells = Arena.ofAuto().allocate(4L * ROWS * WIDTH, 4);
    for (int i = 0; i < ROWS * WIDTH; i++) {
      cells.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0.5f * i - 3);
    }
    Path file = place.resolve("rows.safetensors");
    SafetensorsWriter.write(
        file, List.of(Tensor.float32("blocks.2.hook_resid_post", cells, ROWS, WIDTH)), Map.of());
    Files.writeString(
        place.resolve("texts.jsonl"),
        IntStream.range(0, ROWS)
            .mapToObj("{\"text\": \"prompt %d\"}\n"::formatted)
            .collect(Collectors.joining()));
    return file;
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("texts", "texts.jsonl");
  }

  @Override
  protected List<Sequence> sequences() {
    return List.of(Sequence.of(3), Sequence.of(0), Sequence.of(5), Sequence.of(1));
  }

  @Override
  protected List<Selector> selectors() {
    return List.of(Selector.all(), Selector.first(), Selector.last());
  }
}
