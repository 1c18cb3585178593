package dev.sonde.engine.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A worker process that computes nothing. Told of a probe it does what the stage's name says:
 * {@code die} every time, {@code die-once} until the file {@code shard} is there, {@code throw};
 * else it answers.
 */
final class FakeWorker {
  private FakeWorker() {}

  public static void main(String[] arguments) throws IOException {
    Replies replies = new Replies(new FileOutputStream(FileDescriptor.out));
    for (Optional<Frame> next = Frame.read(System.in);
        next.isPresent();
        next = Frame.read(System.in)) {
      Frame frame = next.get();
      if (frame.kind().equals(Assignment.KIND)) {
        System.err.println("begun");
        replies.send(
            frame.text("version").equals("other")
                ? ShardAnswer.refused(new IllegalStateException("another version"))
                : ShardAnswer.ready("fake processor"));
        continue;
      }
      replies.send(Remark.warning("computing " + frame.text("shard")));
      switch (frame.text("stage")) {
        case "die" -> Runtime.getRuntime().halt(137);
        case "die-once" -> {
          Path mark = Path.of(frame.text("shard"));
          if (!Files.exists(mark)) {
            Files.createFile(mark);
            Runtime.getRuntime().halt(137);
          }
        }
        case "exit" -> {
          replies.send(Remark.stopped("plugin 'p' ended the process"));
          Runtime.getRuntime().halt(3);
        }
        default -> {}
      }
      replies.send(
          frame.text("stage").equals("throw")
              ? ShardAnswer.failed(new IllegalStateException("no power"))
              : Frame.of(ShardAnswer.DONE, Map.of("processor", "fake processor")));
    }
  }
}
