package dev.sonde.backend.replay;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Rows of activations, and the tokens that each belongs to.
 *
 * @param points {@code [rows, width]} per hook point
 * @param sequences token ids to the stored rows of their tokens; a reduced row stands at −1
 * @param reduction what the rows were reduced by, {@link Read#reduction}
 */
record Recording(
    Map<HookPoint, Tensor> points,
    Map<List<Integer>, Map<Integer, Integer>> sequences,
    String reduction) {
  private static final Set<String> INDICES =
      Set.of("token_ids", "offsets", "row_ids", "positions", "truncated");

  /** What {@code sonde capture} wrote. */
  static Recording captured(Path file) {
    SafetensorsFile open = SafetensorsFile.open(file, Arena.ofAuto());
    for (String index : List.of("token_ids", "offsets", "row_ids", "positions")) {
      if (!open.tensors().containsKey(index)) {
        throw new FormatException(
            file,
            "has no '%s': is it of sonde capture? Other files need with.texts".formatted(index));
      }
    }
    int[] tokens = integers(open.tensor("token_ids"));
    int[] offsets = integers(open.tensor("offsets"));
    int[] rowIds = integers(open.tensor("row_ids"));
    int[] positions = integers(open.tensor("positions"));
    List<Map<Integer, Integer>> rows = new ArrayList<>();
    IntStream.range(1, offsets.length).forEach(i -> rows.add(new HashMap<>()));
    for (int row = 0; row < rowIds.length; row++) {
      rows.get(rowIds[row]).put(positions[row], row);
    }
    Map<List<Integer>, Map<Integer, Integer>> sequences = new HashMap<>();
    for (int i = 0; i + 1 < offsets.length; i++) {
      List<Integer> ids =
          IntStream.range(offsets[i], offsets[i + 1]).mapToObj(t -> tokens[t]).toList();
      sequences.put(ids, rows.get(i));
    }
    String how = open.metadata().getOrDefault("tokens", "/" + Read.NONE);
    return new Recording(
        points(file, open),
        sequences,
        how.substring(how.indexOf('/') + 1).toLowerCase(Locale.ROOT));
  }

  /** Rows that stand for whole texts: the text of row k is the one token k. */
  static Recording ofTexts(Path file) {
    SafetensorsFile open = SafetensorsFile.open(file, Arena.ofAuto());
    Map<HookPoint, Tensor> points = points(file, open);
    long count = points.values().iterator().next().shape().getFirst();
    Map<List<Integer>, Map<Integer, Integer>> sequences = new HashMap<>();
    for (int row = 0; row < count; row++) {
      sequences.put(List.of(row), Map.of(0, row));
    }
    return new Recording(points, sequences, Read.NONE);
  }

  /** The matrices of a file; a name that is no hook point's is the output of a first block. */
  private static Map<HookPoint, Tensor> points(Path file, SafetensorsFile open) {
    Map<HookPoint, Tensor> points = new LinkedHashMap<>();
    for (Tensor tensor : open.tensors().values()) {
      if (INDICES.contains(tensor.name())) {
        continue;
      }
      if (tensor.shape().size() != 2) {
        throw new FormatException(
            file, "'%s' is no matrix but %s".formatted(tensor.name(), tensor.shape()));
      }
      points.put(HookPoint.parse(tensor.name()), tensor);
    }
    if (points.isEmpty()) {
      throw new FormatException(file, "holds no activations");
    }
    long rows = points.values().iterator().next().shape().getFirst();
    points.forEach(
        (point, tensor) -> {
          if (tensor.shape().getFirst() != rows) {
            throw new FormatException(
                file,
                "'%s' has %d rows, others have %d"
                    .formatted(point, tensor.shape().getFirst(), rows));
          }
        });
    return points;
  }

  private static int[] integers(Tensor tensor) {
    int count = Math.toIntExact(tensor.shape().getFirst());
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.toIntExact(tensor.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i));
    }
    return values;
  }

  /** Numbers a row at a point. */
  int width(HookPoint point) {
    Tensor tensor = points.get(point);
    return tensor == null ? 0 : Math.toIntExact(tensor.shape().getLast());
  }

  /** The longest sequence. */
  int longest() {
    return sequences.keySet().stream().mapToInt(List::size).max().orElse(1);
  }

  /** One more than the highest token id. */
  int vocabulary() {
    return sequences.keySet().stream()
            .flatMap(List::stream)
            .mapToInt(Integer::intValue)
            .max()
            .orElse(0)
        + 1;
  }
}
