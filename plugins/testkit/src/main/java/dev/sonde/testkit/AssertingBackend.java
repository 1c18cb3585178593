package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.TrainingPlan;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A backend behind checks of both sides: the caller uses it from one thread at a time, closes it
 * once and leaves it alone then; what it streams has the shape and the order that were asked for,
 * see {@link AssertingStream}.
 */
public final class AssertingBackend implements LanguageModel {
  private final LanguageModel backend;
  private final AtomicReference<String> user = new AtomicReference<>("");
  private boolean closed;

  /** Checks every call of a backend. */
  public AssertingBackend(LanguageModel backend) {
    this.backend = backend;
  }

  private <T> T use(Supplier<T> call) {
    String other = user.compareAndExchange("", Thread.currentThread().getName());
    assertThat(other).as("the thread that is in the model already").isEmpty();
    try {
      assertThat(closed).as("the model was closed before").isFalse();
      return call.get();
    } finally {
      user.set("");
    }
  }

  @Override
  public ModelInfo info() {
    return use(backend::info);
  }

  @Override
  public Capabilities capabilities() {
    return use(backend::capabilities);
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    return use(() -> new AssertingStream(backend.forward(request), request));
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    return use(() -> backend.generate(request));
  }

  @Override
  public LanguageModel train(TrainingPlan plan) {
    return use(() -> new AssertingBackend(backend.train(plan)));
  }

  @Override
  public void save(Path folder) {
    use(
        () -> {
          backend.save(folder);
          return true;
        });
  }

  @Override
  public void forget() {
    use(
        () -> {
          backend.forget();
          return true;
        });
  }

  @Override
  public void close() {
    use(
        () -> {
          closed = true;
          backend.close();
          return true;
        });
  }
}
