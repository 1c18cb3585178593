package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A stranger's first commands, in a folder outside the repository; {@link DocumentsIT} types those
 * of the pages.
 */
@ResourceLock(MavenProject.LOCAL_REPOSITORY)
class NewPluginIT {
  @TempDir Path folder;

  @Test
  void aTestThatFailsLeavesThePluginThatWasBuiltBefore() throws Exception {
    Distribution.Said written =
        new Distribution(folder).run("new-plugin", "bars", "--kind", "dataset");
    assertThat(written.code()).as(written.err()).isZero();
    Path project = folder.resolve(written.lastLine());
    new MavenProject(project).run("package");
    Path jar = project.resolve("target/plugins/bars/bars-0.2.0.jar");
    byte[] built = Files.readAllBytes(jar);

    Path source = project.resolve("src/main/java/example/bars/BarsFiles.java");
    Files.writeString(source, Files.readString(source).replace("i + 1", "i"));
    assertThatThrownBy(() -> new MavenProject(project).run("package"))
        .hasMessageContaining("everyRowSaysOnWhichLineItBegins")
        .hasMessageContaining("the 1-based line of the file");
    assertThat(jar).hasBinaryContent(built);
  }

  @Test
  void whatAuthorsCompileAndTestAgainstHasItsSourcesBesideIt() throws Exception {
    Path repository = Distribution.HOME.resolve("repository/dev/sonde");
    for (String artifact :
        List.of("sonde-api", "sonde-packing", "sonde-statistics", "sonde-testkit")) {
      Path jar = repository.resolve("%1$s/0.2.0/%1$s-0.2.0.jar".formatted(artifact));
      Path sources = repository.resolve("%1$s/0.2.0/%1$s-0.2.0-sources.jar".formatted(artifact));
      List<String> classes = entries(jar).filter(name -> !name.contains("$")).toList();
      assertThat(entries(sources).map(name -> name.replaceFirst("\\.java$", ".class")).toList())
          .containsAll(classes.stream().filter(name -> name.endsWith(".class")).toList());
    }
  }

  private static Stream<String> entries(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(ZipEntry::getName).toList().stream();
    }
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
