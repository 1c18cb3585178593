package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stream behind checks: every batch has the reads of its group in their order, rows and their
 * places fit together, no row comes twice, and memory of a batch is gone once the stream has moved
 * on.
 */
public final class AssertingStream implements ActivationStream {
  private final ActivationStream stream;
  private final ForwardRequest request;
  private final Set<List<Integer>> seen = new HashSet<>();
  private Optional<Rows> late = Optional.empty();
  private boolean over;
  private boolean checked;

  /** Checks a stream against the request that it answers. */
  public AssertingStream(ActivationStream stream, ForwardRequest request) {
    this.stream = stream;
    this.request = request;
  }

  @Override
  public boolean next() {
    assertThat(over).as("the stream has ended or was closed").isFalse();
    checked = false;
    boolean more = stream.next();
    assertReleased();
    over = !more;
    return more;
  }

  /** What was read before can be read no longer. */
  private void assertReleased() {
    late.ifPresent(
        rows ->
            assertThatIllegalStateException()
                .as("a read of the batch before")
                .isThrownBy(() -> rows.values().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)));
    late = Optional.empty();
  }

  @Override
  public Batch batch() {
    Batch batch = stream.batch();
    if (!checked) {
      checked = true;
      check(batch);
    }
    return batch;
  }

  private void check(Batch batch) {
    assertThat(batch.group()).as("group").isBetween(0, request.groups().size() - 1);
    List<Read> wanted = request.groups().get(batch.group());
    assertThat(batch.rows()).extracting(Rows::read).as("reads of the group").isEqualTo(wanted);
    for (int read = 0; read < wanted.size(); read++) {
      check(batch.group(), read, batch.rows().get(read));
    }
  }

  private void check(int group, int read, Rows rows) {
    assertThat(rows.sequences()).as("a sequence per row").hasSize(rows.count());
    assertThat(rows.places()).as("a place per row").hasSize(rows.count());
    assertThat(rows.objectives())
        .as("an objective per row of a gradient")
        .hasSize(rows.read().isGradient() ? rows.count() : 0);
    assertThat(rows.offsets()).as("where rows begin, and the end").hasSize(rows.count() + 1);
    assertThat(rows.values().byteSize())
        .as("bytes of the values")
        .isGreaterThanOrEqualTo(rows.offsets()[rows.count()] * Float.BYTES);
    for (int row = 0; row < rows.count(); row++) {
      assertThat(rows.sequences()[row])
          .as("the sequence of row %d: its index in the request", row)
          .isBetween(0, request.sequences().size() - 1);
      if (rows.width() > 0) {
        assertThat(rows.offsets()[row + 1] - rows.offsets()[row])
            .as("values of row %d, by its offsets; the rows say one width", row)
            .isEqualTo(rows.width());
      }
      int objective = rows.read().isGradient() ? rows.objectives()[row] : 0;
      List<Integer> name =
          List.of(group, read, rows.sequences()[row], rows.places()[row], objective);
      assertThat(seen.add(name)).as("row %s comes once", name).isTrue();
    }
    if (rows.count() > 0 && rows.values().byteSize() >= Float.BYTES) {
      late = Optional.of(rows);
    }
  }

  @Override
  public void close() {
    over = true;
    stream.close();
    assertReleased();
  }
}
