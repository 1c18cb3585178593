package dev.sonde.engine.model;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.SondeException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.NearestNames;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.packing.Requests;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An open model: the backend behind checks that hold for every backend, its calls made as its
 * plugin expects them, and its tokenizer opened when first used.
 */
public final class OpenModel implements Model {
  /** Stands for every block in a pattern. */
  private static final String ANY = "*";

  private final ModelReference reference;
  private final LoadedPlugin plugin;
  private final String backendName;
  private final LanguageModel backend;
  private final PluginRegistry plugins;
  private final Resources resources;
  private Optional<Tokenizer> tokenizer = Optional.empty();
  private Optional<LoadedPlugin> tokenizerPlugin = Optional.empty();
  private List<String> pieces = List.of();

  OpenModel(
      ModelReference reference,
      LoadedPlugin plugin,
      String backendName,
      LanguageModel backend,
      PluginRegistry plugins,
      Resources resources) {
    this.reference = reference;
    this.plugin = plugin;
    this.backendName = backendName;
    this.backend = backend;
    this.plugins = plugins;
    this.resources = resources;
  }

  /** The reference, resolved. */
  public ModelReference reference() {
    return reference;
  }

  /** The backend's short name. */
  public String backendName() {
    return backendName;
  }

  /** The plugin that the backend comes from. */
  public LoadedPlugin plugin() {
    return plugin;
  }

  /** The plugin that the tokenizer comes from, once it was used. */
  public Optional<LoadedPlugin> tokenizerPlugin() {
    return tokenizerPlugin;
  }

  @Override
  public ModelInfo info() {
    return call(backend::info);
  }

  @Override
  public Capabilities capabilities() {
    return call(backend::capabilities);
  }

  /** Calls the backend; what it throws unexpectedly names the backend. */
  private <T> T call(Supplier<T> code) {
    try {
      return plugin.call(code);
    } catch (SondeException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new PluginRequiredException(
          "backend '%s' of plugin '%s' failed: %s".formatted(backendName, plugin.id(), e), e);
    }
  }

  @Override
  public Tokenizer tokenizer() {
    if (tokenizer.isEmpty()) {
      tokenizer = Optional.of(openTokenizer());
    }
    return tokenizer.get();
  }

  /**
   * The text of a conversation; see {@link Tokenizer#render}.
   *
   * @throws InvalidInputException if the model brings no chat template, or its template refuses the
   *     conversation
   */
  public String render(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
    return calledTokenizer(tokenizer -> tokenizer.render(messages, addGenerationPrompt, variables));
  }

  /** What a user should know of the model's tokenizer; see {@link Tokenizer#notes}. */
  public List<String> tokenizerNotes() {
    return calledTokenizer(Tokenizer::notes);
  }

  /** The model's chat template, where there is one. */
  public Optional<String> chatTemplate() {
    return calledTokenizer(Tokenizer::chatTemplate);
  }

  private <T> T calledTokenizer(Function<Tokenizer, T> code) {
    Tokenizer open = tokenizer();
    return tokenizerPlugin.orElseThrow().call(() -> code.apply(open));
  }

  private Tokenizer openTokenizer() {
    TokenizerSource source =
        info()
            .tokenizer()
            .orElseThrow(
                () ->
                    new ModelUnavailableException(
                        "the model brings no tokenizer: tokenizer.json is missing"));
    for (Offer<TokenizerFactory> offer : plugins.all(ExtensionKind.TOKENIZER)) {
      if (offer.call(factory -> factory.opens(source))) {
        tokenizerPlugin = Optional.of(offer.plugin());
        return offer.call(factory -> factory.open(source, resources));
      }
    }
    throw new ModelUnavailableException(
        "no plugin opens tokenizers of the format %s (%s)"
            .formatted(source.format(), source.file()));
  }

  /**
   * All hook points that a pattern names, each checked against the model.
   *
   * @throws InvalidInputException if the backend cannot read one of them
   */
  public List<HookPoint> expand(String pattern) {
    return named(pattern).values().stream().distinct().toList();
  }

  /**
   * The same by the names that they were asked for by. Of a pattern over blocks those are left out
   * that have no such point, as long as one has.
   */
  public Map<String, HookPoint> named(String pattern) {
    List<HookPoint> points = HookPoint.expand(pattern, info().layers());
    Map<String, HookPoint> all = new LinkedHashMap<>();
    if (pattern.contains(ANY)) {
      for (int layer = 0; layer < info().layers(); layer++) {
        String name = pattern.replace(ANY, String.valueOf(layer));
        all.put(name, HookPoint.parse(name));
      }
      all.values().removeIf(point -> !capabilities().supports(point));
    } else {
      all.put(pattern, points.getFirst());
    }
    (all.isEmpty() ? points : all.values()).forEach(this::check);
    return all;
  }

  private void check(HookPoint point) {
    if (!capabilities().supports(point) && capabilities().sites().contains(point.site())) {
      throw new UnsupportedCapabilityException(
          "%s: this block has no such point, others have".formatted(point));
    }
    if (!capabilities().supports(point)) {
      throw new UnsupportedCapabilityException(
          "backend '%s' has no hook point '%s'; %s"
              .formatted(
                  backendName,
                  point.site(),
                  NearestNames.hint(point.site(), capabilities().sites())));
    }
    if (point.layer().isPresent() && point.layer().getAsInt() >= info().layers()) {
      throw new UnsupportedCapabilityException(
          "%s: the model has %d blocks, 0 to %d"
              .formatted(point, info().layers(), info().layers() - 1));
    }
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    request.groups().stream().flatMap(List::stream).map(Read::point).forEach(this::check);
    Requests.check(info(), capabilities(), request);
    ActivationStream stream = call(() -> backend.forward(request));
    return new ActivationStream() {
      @Override
      public boolean next() {
        return call(stream::next);
      }

      @Override
      public Batch batch() {
        return call(stream::batch);
      }

      @Override
      public void close() {
        plugin.run(stream::close);
      }
    };
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    if (!capabilities().generates()) {
      throw new UnsupportedCapabilityException(
          "backend '%s' does not generate".formatted(backendName));
    }
    request.points().forEach(this::check);
    Requests.check(info(), capabilities(), request);
    GenerateRequest complete = complete(request);
    GenerationStream stream = call(() -> backend.generate(complete));
    return new GenerationStream() {
      @Override
      public boolean next() {
        return call(stream::next);
      }

      @Override
      public Generation generation() {
        return call(stream::generation);
      }

      @Override
      public void close() {
        plugin.run(stream::close);
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
      pieces = tokenizer().pieces(info().vocabularySize());
    }
    return request.withPieces(pieces);
  }

  @Override
  public OpenModel train(TrainingPlan plan) {
    Requests.check(info(), capabilities(), plan);
    LanguageModel trained = call(() -> backend.train(plan));
    return new OpenModel(reference, plugin, backendName, trained, plugins, resources);
  }

  @Override
  public void save(Path folder) {
    call(
        () -> {
          backend.save(folder);
          return true;
        });
  }

  @Override
  public void forget() {
    plugin.run(backend::forget);
  }

  @Override
  public void close() {
    tokenizer.ifPresent(Tokenizer::close);
    plugin.run(backend::close);
  }
}
