package dev.sonde.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashFileTest {
  @TempDir Path folder;

  @Test
  void theSignalAndThePlaceAreTold() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(CrashFile.name("17")),
            """
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGSEGV (0xb) at pc=0x00007f0a1, pid=17, tid=18
            #
            # Problematic frame:
            # C  [libtorch_cpu.so+0x1234]  at::native::mm(float*)+0x20
            #
            """);
    assertThat(CrashFile.told(file))
        .isEqualTo(
            "native code crashed the Java virtual machine (SIGSEGV) in C [libtorch_cpu.so+0x1234]"
                + " at::native::mm(float*)+0x20; see hs_err-17.log");
  }

  @Test
  void aFileThatWasCutIsNamedAllTheSame() throws IOException {
    Path file = Files.writeString(folder.resolve(CrashFile.name("17")), "#\n# Problematic frame:");
    assertThat(CrashFile.told(file))
        .isEqualTo("native code crashed the Java virtual machine; see hs_err-17.log");
  }
}
