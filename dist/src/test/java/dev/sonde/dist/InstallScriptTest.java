package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/install.sh} beside an archive whose program says a word. */
class InstallScriptTest {
  private static final String ARCHIVE = "sonde-9.9.9-linux-x86_64.tar.gz";

  @TempDir Path folder;
  private Path release;
  private Path target;

  private record Said(int code, String text) {}

  @BeforeEach
  void release() throws Exception {
    release = Files.createDirectories(folder.resolve("a release"));
    target = folder.resolve("installed");
    Path bin = Files.createDirectories(folder.resolve("sonde-9.9.9-linux-x86_64/bin"));
    Files.writeString(bin.resolve("sonde"), "#!/bin/sh\necho here\n");
    said(folder, "chmod", "755", bin.resolve("sonde").toString());
    said(folder, "tar", "-czf", release.resolve(ARCHIVE).toString(), "sonde-9.9.9-linux-x86_64");
    Files.copy(
        Path.of("../scripts/install.sh"),
        release.resolve("install.sh"),
        StandardCopyOption.REPLACE_EXISTING);
    said(release, "sh", "-c", "sha256sum *.tar.gz > SHA256SUMS");
  }

  private Said said(Path where, String... command) throws Exception {
    return said(where, Map.of(), command);
  }

  private Said said(Path where, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes());
    return new Said(process.waitFor(), text);
  }

  private Said install(Map<String, String> environment) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "install.sh"));
    command.addAll(List.of("--to", target.toString(), "--bin", folder.resolve("bin").toString()));
    command.add(ARCHIVE);
    return said(release, new HashMap<>(environment), command.toArray(String[]::new));
  }

  @Test
  void whatIsInTheListIsUnpackedAndLinked() throws Exception {
    Said said = install(Map.of());
    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text()).contains("not signed");
    assertThat(said(folder, folder.resolve("bin/sonde").toString()).text()).isEqualTo("here\n");
    assertThat(install(Map.of()).text()).contains("is there already");
  }

  @Test
  void aDamagedArchiveIsNotUnpacked() throws Exception {
    Files.write(release.resolve(ARCHIVE), new byte[] {0}, StandardOpenOption.APPEND);
    Said said = install(Map.of());
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text()).contains("is damaged");
    assertThat(target).doesNotExist();
  }

  @Test
  void aListThatSomebodyElseWroteIsNotBelieved() throws Exception {
    String keys =
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem 2>/dev/null"
            + " && openssl pkey -in private.pem -pubout -out public.pem"
            + " && openssl dgst -sha256 -sign private.pem -out SHA256SUMS.sig SHA256SUMS";
    assertThat(said(release, "sh", "-c", keys).code()).isZero();
    Map<String, String> key = Map.of("SONDE_KEY", release.resolve("public.pem").toString());
    Files.writeString(release.resolve("SHA256SUMS"), "\n", StandardOpenOption.APPEND);
    Said said = install(key);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text()).contains("not what was signed");
    said(release, "sh", "-c", "sha256sum *.tar.gz > SHA256SUMS");
    assertThat(install(key).code()).isZero();
  }
}
