package dev.sonde.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.probe.Artifact;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.pass.Shard;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.engine.shard.ShardTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said between a run and its workers arrives as it was said. */
class FrameTest {
  private static ShardTask throughBytes(ShardTask task) {
    return TaskForm.task(Frame.of(TaskForm.of(task).bytes()));
  }

  @Test
  void aCaptureArrivesWithItsTokensAndReads() {
    List<int[]> tokens = List.of(new int[] {1, 2, 70_000}, new int[] {5});
    List<Read> reads =
        List.of(
            Read.of(HookPoint.EMBED, Selector.index(-2)).reduce(Read.MEAN),
            Read.of(HookPoint.parse("blocks.3.hook_resid_post"), Selector.last()).gradient());
    ShardTask.Capture task =
        new ShardTask.Capture(
            new Shard(new Role("other", "few"), 1024, 1026, Pass.hash(tokens)), tokens, reads);
    ShardTask.Capture arrived = (ShardTask.Capture) throughBytes(task);
    assertThat(arrived.shard()).isEqualTo(task.shard());
    assertThat(arrived.reads()).isEqualTo(reads);
    assertThat(arrived.tokens()).usingElementComparator(Arrays::compare).isEqualTo(tokens);
  }

  @Test
  void tokensThatAreNotThoseTheShardIsNamedForAreRefused() {
    List<int[]> tokens = List.of(new int[] {1, 2});
    Frame frame =
        TaskForm.of(
            new ShardTask.Capture(
                new Shard(Role.MAIN_PASS, 0, 1, Pass.hash(List.of(new int[] {1, 3}))),
                tokens,
                List.of()));
    assertThatThrownBy(() -> TaskForm.task(frame))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("not those it was named for");
  }

  @Test
  void anInputArrivesBitForBit() {
    Artifact input =
        Artifact.empty()
            .with(
                "m",
                Matrix.of(Matrix.Type.FLOAT64, new double[][] {{1e-300, Double.NaN}, {2, -0.0}}))
            .with("f", Matrix.of(Matrix.Type.FLOAT32, new double[][] {{1, 2, 3}}))
            .with("n", Long.MAX_VALUE, -1)
            .with("t", "ä \u0000 \"");
    ShardTask.OfProbe task =
        new ShardTask.OfProbe("p", "stage", 3, "s1", input, Map.of("earlier", 2));
    ShardTask.OfProbe arrived = (ShardTask.OfProbe) throughBytes(task);
    assertThat(arrived.input().texts()).isEqualTo(input.texts());
    assertThat(arrived.input().integers("n")).containsExactly(Long.MAX_VALUE, -1);
    for (String name : List.of("m", "f")) {
      assertThat(arrived.input().tensor(name).segment().mismatch(input.tensor(name).segment()))
          .isEqualTo(-1);
      assertThat(arrived.input().tensor(name).rows()).isEqualTo(input.tensor(name).rows());
    }
    assertThat(arrived.results()).isEqualTo(Map.of("earlier", 2));
    assertThat(arrived.version()).isEqualTo(3);
  }

  @Test
  void whatIsNoFrameIsSaidToBeNone() {
    byte[] cut = Arrays.copyOf(ShardAnswer.ready("p").bytes(), 40);
    assertThatThrownBy(() -> Frame.read(new ByteArrayInputStream(cut)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(
            () -> Frame.read(new ByteArrayInputStream("hello, world, and more".getBytes())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no frame");
  }

  @Test
  void whatIsThrownKeepsItsKindAndMessage() {
    for (RuntimeException thrown :
        List.of(
            new InvalidInputException("bad row"), new PluginRequiredException("no such plugin"))) {
      assertThatThrownBy(() -> ShardAnswer.require(Frame.of(ShardAnswer.failed(thrown).bytes())))
          .isInstanceOf(thrown.getClass())
          .hasMessage(thrown.getMessage());
    }
  }
}
