package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.ModelUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersLibtorchTest {
  private static final TorchDevice CUDA = new TorchDevice("cuda", 0);

  @TempDir Path folder;

  private Optional<Path> lib() throws IOException {
    return Optional.of(Files.createDirectories(folder.resolve("lib")));
  }

  @Test
  void theBindingSaysWhichVersionItIsOf() {
    assertThat(UsersLibtorch.needed()).matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void aWheelOrAnArchiveOfTheBindingsVersionIsTaken() throws IOException {
    Files.writeString(
        folder.resolve("version.py"), "from typing import Optional\n__version__ = '2.7.1+cu128'\n");
    assertThat(UsersLibtorch.flavor(lib(), CUDA, "2.7.1")).contains("cu128");
    Files.delete(folder.resolve("version.py"));
    Files.writeString(folder.resolve("build-version"), "2.7.1+cpu\n");
    assertThat(UsersLibtorch.flavor(lib(), TorchDevice.CPU, "2.7.1")).contains("cpu");
    assertThat(UsersLibtorch.flavor(Optional.empty(), TorchDevice.CPU, "2.7.1")).isEmpty();
  }

  @Test
  void anotherVersionIsNotLoaded() throws IOException {
    Files.writeString(folder.resolve("version.py"), "__version__ = '2.15.0+cu132'\n");
    assertThatThrownBy(() -> UsersLibtorch.flavor(lib(), CUDA, "2.7.1"))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("libtorch 2.15.0+cu132")
        .hasMessageContaining("torch==2.7.1");
  }

  @Test
  void aBuildThatTheBindingDoesNotKnowIsNotLoaded() throws IOException {
    Files.writeString(folder.resolve("version.py"), "__version__ = '2.7.1+cu126'\n");
    assertThatThrownBy(() -> UsersLibtorch.flavor(lib(), CUDA, "2.7.1"))
        .hasMessageContaining("built for cu126")
        .hasMessageContaining("cpu and cu128");
  }

  @Test
  void aVersionThatCannotBeToldIsNotLoaded() throws IOException {
    assertThatThrownBy(() -> UsersLibtorch.flavor(lib(), TorchDevice.CPU, "2.7.1"))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("neither version.py nor build-version");
    Files.writeString(folder.resolve("version.py"), "nothing");
    assertThatThrownBy(() -> UsersLibtorch.flavor(lib(), TorchDevice.CPU, "2.7.1"))
        .hasMessageContaining("of an unknown version");
  }

  @Test
  void aGraphicsProcessorNeedsALibraryThatKnowsIt() throws IOException {
    assertThatThrownBy(() -> UsersLibtorch.flavor(Optional.empty(), CUDA, "2.7.1"))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("PYTORCH_LIBRARY_PATH");
    Files.writeString(folder.resolve("build-version"), "2.7.1+cpu\n");
    assertThatThrownBy(() -> UsersLibtorch.flavor(lib(), CUDA, "2.7.1"))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("built for cpu");
  }
}
