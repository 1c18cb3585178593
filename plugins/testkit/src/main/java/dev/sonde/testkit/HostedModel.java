package dev.sonde.testkit;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/**
 * A backend's model with its tokenizer, as a probe sees it. What is asked of it is counted, in the
 * same count for copies that were trained further.
 */
final class HostedModel implements Model {
  private final LanguageModel backend;
  private final Tokenizer tokenizer;
  private TokenCount count = new TokenCount();
  private List<String> pieces = List.of();

  /** A model behind checks of every call. */
  HostedModel(LanguageModel backend, Tokenizer tokenizer) {
    this.backend = new AssertingBackend(backend);
    this.tokenizer = tokenizer;
  }

  /** Has what follows counted there. */
  void count(TokenCount there) {
    count = there;
  }

  /** The same model, for what is not the probe's own work. */
  LanguageModel uncounted() {
    return backend;
  }

  @Override
  public void forget() {
    backend.forget();
  }

  @Override
  public ModelInfo info() {
    return backend.info();
  }

  @Override
  public Capabilities capabilities() {
    return backend.capabilities();
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    boolean backward = request.groups().stream().flatMap(List::stream).anyMatch(Read::isGradient);
    for (Sequence sequence : request.sequences()) {
      count.ran(run(sequence, request));
      if (backward) {
        count.differentiated((long) sequence.length() * sequence.objectives().size());
      }
    }
    return backend.forward(request);
  }

  /** Its tokens; of a sequence that begins at a block, the share of the blocks that are run. */
  private long run(Sequence sequence, ForwardRequest request) {
    int layers = info().layers();
    if (sequence.start().isEmpty() || layers == 0) {
      return sequence.length();
    }
    int deepest =
        request.groups().stream()
            .flatMap(List::stream)
            .mapToInt(
                read -> read.isGradient() ? layers : read.point().layer().orElse(layers - 1) + 1)
            .max()
            .orElse(0);
    long blocks = Math.max(0, deepest - sequence.start().get().block());
    return Math.ceilDiv(sequence.length() * blocks, layers);
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    request.sequences().forEach(sequence -> count.ran(sequence.length()));
    GenerationStream stream = backend.generate(complete(request));
    return new GenerationStream() {
      @Override
      public boolean next() {
        boolean more = stream.next();
        if (more) {
          count.ran(stream.generation().tokens().length);
        }
        return more;
      }

      @Override
      public Generation generation() {
        return stream.generation();
      }

      @Override
      public void close() {
        stream.close();
      }
    };
  }

  /** Says what tokens add to a text, where the backend needs to know and cannot tell itself. */
  private GenerateRequest complete(GenerateRequest request) {
    if (request.stopStrings().isEmpty()
        || capabilities().features().contains(Capabilities.STOP_STRINGS)) {
      return request;
    }
    if (pieces.isEmpty()) {
      pieces = tokenizer.pieces(info().vocabularySize());
    }
    return request.withPieces(pieces);
  }

  @Override
  public HostedModel train(TrainingPlan plan) {
    for (TrainingPlan.Step step : plan.steps()) {
      for (Sequence sequence : step.batch()) {
        count.ran(sequence.length());
        count.differentiated(sequence.length());
      }
    }
    HostedModel trained = new HostedModel(backend.train(plan), tokenizer);
    trained.count(count);
    return trained;
  }

  @Override
  public void save(Path folder) {
    backend.save(folder);
  }

  @Override
  public void close() {
    backend.close();
  }
}
