package dev.sonde.backend.http;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.text.TokenizerSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** A model on a server, which is asked for all rows of the points that are read. */
final class HttpBackend implements ModelBackend {
  private final Server server;
  private final ModelInfo info;
  private final int context;

  HttpBackend(Server server, Path tokenizer) {
    this.server = server;
    Properties model = server.model();
    Map<String, Integer> widths = new TreeMap<>();
    for (String site : text(model, "sites").split(" ", -1)) {
      int colon = site.indexOf(':');
      widths.put(site.substring(0, colon), Integer.parseInt(site.substring(colon + 1)));
    }
    this.context = number(model, "context");
    this.info =
        ModelInfo.builder(text(model, "architecture"), text(model, "hash"))
            .shape(number(model, "layers"), number(model, "width"))
            .vocabulary(number(model, "vocabulary"))
            .widths(widths)
            .tokenizer(TokenizerSource.of(tokenizer))
            .build();
  }

  private static String text(Properties model, String key) {
    String value = model.getProperty(key, "");
    if (value.isBlank()) {
      throw new ModelUnavailableException("the server says nothing of '%s'".formatted(key));
    }
    return value;
  }

  private static int number(Properties model, String key) {
    try {
      return Integer.parseInt(text(model, key));
    } catch (NumberFormatException e) {
      throw new ModelUnavailableException("the server's '%s' is no number".formatted(key), e);
    }
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.builder()
        .sites(info.widths().keySet())
        .selectors(Set.of(Selector.LAST, Selector.FIRST, Selector.INDEX, Selector.ALL))
        .reductions(Set.of(Read.NONE))
        .longestContext(context)
        .build();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    request.groups().stream().flatMap(List::stream).forEach(this::check);
    request.sequences().forEach(this::check);
    return new HttpStream(server, info, request);
  }

  private void check(Read read) {
    HookPoint point = read.point();
    boolean known =
        info.widths().containsKey(point.site()) && point.layer().orElse(0) < info.layers();
    boolean plain =
        !read.isReduced() && capabilities().selectors().contains(read.selector().kind());
    if (!known || !plain || read.isGradient()) {
      throw new UnsupportedCapabilityException(
          "the server cannot give %s; it has %s".formatted(read, info.widths().keySet()));
    }
  }

  private void check(Sequence sequence) {
    if (sequence.length() > context) {
      throw new UnsupportedCapabilityException(
          "a sequence of %d tokens is longer than the model's context of %d"
              .formatted(sequence.length(), context));
    }
    if (!sequence.interventions().isEmpty() || !sequence.features().isEmpty()) {
      throw new UnsupportedCapabilityException(
          "the server changes no activations: " + sequence.interventions());
    }
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    throw new UnsupportedCapabilityException("the server does not generate");
  }

  @Override
  public void close() {
    server.close();
  }
}
