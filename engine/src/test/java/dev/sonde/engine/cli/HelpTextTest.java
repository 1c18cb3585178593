package dev.sonde.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HelpTextTest {
  private static final Path LAUNCHERS =
      Path.of("../launcher/src/main/resources/dev/sonde/launcher/help.txt");

  /** Run with -Dsonde.update=true to write the text after a change of the commands. */
  @Test
  void theLauncherShowsTheHelpOfTheCommands() throws Exception {
    Terminal terminal =
        Terminal.plain(
            new PrintWriter(PrintWriter.nullWriter()), new PrintWriter(PrintWriter.nullWriter()));
    String help = SondeTool.commandLine(terminal).getUsageMessage();
    if (Boolean.getBoolean("sonde.update")) {
      Files.writeString(LAUNCHERS, help);
    }
    assertThat(LAUNCHERS).hasContent(help);
  }
}
