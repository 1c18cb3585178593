package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What plugins do that no exception tells: none of it harms a run that does not need them, and a
 * run that does ends with exit code 3 and the plugin's name.
 */
class PluginZooIT {
  @TempDir Path folder;

  private Path plugins;
  private Distribution sonde;

  @BeforeEach
  void emptyFolder() throws IOException {
    plugins = Files.createDirectories(folder.resolve("zoo"));
    sonde = new Distribution(folder).with("SONDE_LOAD_LIMIT", 3).with("SONDE_STALL_LIMIT", 5);
  }

  private Distribution.Said run(String... probes) throws IOException {
    StringBuilder list = new StringBuilder();
    for (String probe : probes) {
      list.append("  - { name: ").append(probe).append(", use: ").append(probe).append(" }\n");
    }
    Path experiment =
        Files.writeString(
            folder.resolve("experiment.yaml"),
            """
            sonde: 1
            name: zoo
            model: { ref: %s, backend: reference }
            data:
              path: %s
              text: text
              label: label
              positive: reasoning
              group: group
              limit: 24
            probes:
            """
                    .formatted(
                        Distribution.HOME.resolve("models/microworld"),
                        Distribution.HOME.resolve("models/microworld/data/reason-recall.jsonl"))
                + list);
    return sonde.run("run", experiment, "--plugin-dir", plugins, "--out", "run", "--overwrite");
  }

  @Test
  void aProbeThatEndsTheProcessIsNamedAndTheRunCanBeResumed() throws IOException {
    new SmallPlugin("leaver").run("System.exit(0);").writeTo(plugins);
    Distribution.Said said = run("leaver");
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err())
        .contains("plugin 'leaver' ended the process: System.exit at small.leaver.Entry$Small.run");
    assertThat(folder.resolve("run/experiment.yaml")).exists();
  }

  @Test
  void aConstructorThatEndsTheProcessIsNamed() throws IOException {
    new SmallPlugin("early-leaver").constructor("System.exit(0);").writeTo(plugins);
    Distribution.Said said = sonde.run("plugins", "--plugin-dir", plugins);
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains("plugin 'early-leaver' ended the process");
  }

  @Test
  void aThreadOfAPluginThatEndsTheProcessIsNamed() throws IOException {
    new SmallPlugin("threaded")
        .run(
            """
            Thread thread = new Thread(() -> System.exit(0));
            thread.start();
            try { thread.join(); } catch (InterruptedException e) { }
            """)
        .writeTo(plugins);
    Distribution.Said said = run("threaded");
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains("plugin 'threaded' ended the process");
  }

  @Test
  void aProbeThatMakesNoProgressIsNamedWithThePlaceItHangsAt() throws IOException {
    new SmallPlugin("looper").run("while (true) { Thread.onSpinWait(); }").writeTo(plugins);
    Distribution.Said said = run("looper");
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err())
        .contains(
            "plugin 'looper' has made no progress for 5 s; it is at small.looper.Entry$Small");
  }

  @Test
  void aConstructorThatHangsIsAFailureOfItsPluginOnly() throws IOException {
    new SmallPlugin("hanging")
        .constructor("while (true) { Thread.onSpinWait(); }")
        .writeTo(plugins);
    new SmallPlugin("fine").run("context.report().note(\"fine\");").writeTo(plugins);
    Distribution.Said said = run("fine");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err())
        .contains("plugin 'hanging' failed at INSTANTIATE: it has not been constructed within 3 s");
    assertThat(run("hanging").code()).isEqualTo(3);
  }

  @Test
  void aProbeThatTakesAllMemoryFailsAndTheOthersFinish() throws IOException {
    new SmallPlugin("greedy")
        .run(
            "var all = new java.util.ArrayList<Object>(); while (true) all.add(new long[1 << 24]);")
        .writeTo(plugins);
    new SmallPlugin("fine").run("context.report().note(\"fine\");").writeTo(plugins);
    Distribution.Said said = run("greedy", "fine");
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains("probe 'greedy' failed: java.lang.OutOfMemoryError");
    assertThat(Files.readString(folder.resolve("run/report.json"))).contains("\"fine\"");
  }

  @Test
  void whatAPluginPrintsAndChangesForAllIsNoResult() throws Exception {
    new SmallPlugin("talker")
        .constructor(
            "System.out.println(\"hello\"); System.setProperty(\"line.separator\", \"X\");")
        .run("System.out.println(\"more\"); System.out.close(); System.err.close();")
        .writeTo(plugins);
    Distribution.Said listed = sonde.run("plugins", "--json", "--plugin-dir", plugins);
    assertThat(listed.out()).startsWith("{");
    assertThat(listed.err()).contains("hello");
    Distribution.Said said = run("talker");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).doesNotContain("more").contains("report: ");
    assertThat(Report.json(folder.resolve("run/report.json"))).containsKey("probes");
  }

  @Test
  void aPluginFolderThatIsNoneIsRefusedWithWhatToName() throws IOException {
    new SmallPlugin("fine").writeTo(plugins);
    assertThat(sonde.run("plugins", "--plugin-dir", plugins.resolve("fine")).err())
        .contains("is a plugin itself; name the folder above it");
    Distribution.Said said = sonde.run("plugins", "--plugin-dir", folder.resolve("nowhere"));
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("there is no such folder");
  }

  @Test
  void nativeLibrariesAreRefusedToWhoDidNotDeclareThem() throws IOException {
    new SmallPlugin("sneaky")
        .run("System.load(\"/lib/x86_64-linux-gnu/libm.so.6\");")
        .writeTo(plugins);
    Distribution.Said said = run("sneaky");
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains("probe 'sneaky' failed").contains("IllegalCallerException");
  }

  @Test
  void aChangedJarIsRefusedUntilItIsAccepted() throws IOException {
    Path own = Files.createDirectories(folder.resolve("plugins"));
    new SmallPlugin("pinned").writeTo(own);
    assertThat(sonde.run("plugins").out()).contains("probe pinned");
    new SmallPlugin("pinned").run("int changed = 1;").writeTo(own);
    assertThat(sonde.run("plugins").out())
        .contains("plugin 'pinned' failed at TRUST: pinned.jar has changed")
        .contains("sonde plugins --accept pinned");
    assertThat(sonde.run("plugins", "--accept", "pinned").out()).contains("probe pinned");
    assertThat(sonde.run("plugins").out()).contains("probe pinned");
    Distribution.Said unknown = sonde.run("plugins", "--accept", "pined");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("did you mean pinned?");
  }
}
