package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The wrapper catches callers that break the contract. */
class AssertingBackendTest {
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final AssertingBackend backend = new AssertingBackend(new Slow());

  @Test
  void aModelIsClosedOnce() {
    backend.close();
    assertThatThrownBy(backend::close).hasMessageContaining("closed before");
  }

  @Test
  void aClosedModelIsLeftAlone() {
    backend.close();
    assertThatThrownBy(backend::info).hasMessageContaining("closed before");
  }

  @Test
  void twoThreadsAreNotInOneModelAtOnce() throws Exception {
    CompletableFuture<Capabilities> first = CompletableFuture.supplyAsync(backend::capabilities);
    inside.await();
    assertThatThrownBy(backend::info).hasMessageContaining("the thread that is in the model");
    done.countDown();
    assertThat(first.get().generates()).isFalse();
  }

  /** Says what it can do once it is told to. */
  private final class Slow implements LanguageModel {
    @Override
    public ModelInfo info() {
      return PlantedContext.info();
    }

    @Override
    public Capabilities capabilities() {
      inside.countDown();
      try {
        done.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Capabilities.none();
    }

    @Override
    public ActivationStream forward(ForwardRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GenerationStream generate(GenerateRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
