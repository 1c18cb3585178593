package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger's first five commands, in a folder outside the repository. */
class NewPluginIT {
  @TempDir Path folder;

  /** The other kinds are built by {@link DocumentsIT}, as the pages for authors say. */
  @Test
  void aReaderOfDataSetsIsBuiltTestedListedAndRun() throws Exception {
    Distribution sonde = new Distribution(folder);
    Distribution.Said written = sonde.run("new-plugin", "bars", "--kind", "dataset");
    assertThat(written.code()).as(written.err()).isZero();
    Path project = folder.resolve(written.lastLine());

    new MavenProject(project).run("verify");

    Path plugins = project.resolve("target/plugins");
    assertThat(plugins.resolve("bars/bars-0.1.0.jar")).exists();
    assertThat(sonde.run("plugins", "--plugin-dir", plugins).out())
        .contains("data set reader bars");
    Distribution.Said run =
        sonde.run(
            "run", project.resolve("experiment.yaml"), "--plugin-dir", plugins, "--out", "run");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(folder.resolve("run/report.json")).content().contains("example.bars");
  }

  @Test
  void whatCannotBeNamedOrMadeIsRefusedWithWhatThereIs() {
    Distribution sonde = new Distribution(folder);
    Distribution.Said name = sonde.run("new-plugin", "WordOrder", "--kind", "decoder");
    assertThat(name.code()).isEqualTo(2);
    assertThat(name.err()).contains("'WordOrder' is no plugin id").contains("word-order");
    Distribution.Said word = sonde.run("new-plugin", "class", "--kind", "decoder");
    assertThat(word.code()).isEqualTo(2);
    assertThat(word.err()).contains("'class' is a word of Java");
    Distribution.Said kind = sonde.run("new-plugin", "mine", "--kind", "decoders");
    assertThat(kind.code()).isEqualTo(2);
    assertThat(kind.err()).contains("did you mean decoder?");
    assertThat(folder.resolve("mine")).doesNotExist();
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    Distribution.Said said =
        new Distribution(folder).run("new-plugin", "ridge", "--kind", "decoder");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err())
        .contains("the plugin 'probe-linear' has a decoder called 'ridge' already");
  }

  @Test
  void aFolderThatIsNotEmptyIsLeftAlone() throws Exception {
    Path taken = Files.createDirectories(folder.resolve("mine"));
    Files.writeString(taken.resolve("notes.txt"), "mine");
    Distribution.Said said = new Distribution(folder).run("new-plugin", "mine", "--kind", "probe");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("is not empty");
    assertThat(taken).isDirectoryNotContaining("glob:**pom.xml");
  }
}
