package dev.sonde.backend.http;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.packing.Requests;
import dev.sonde.wire.ModelService;
import dev.sonde.wire.RequestForm;
import dev.sonde.wire.ServedModel;
import dev.sonde.wire.WireMessage;

/** A model on a server: it can do what the server says, but for training. */
final class HttpBackend implements LanguageModel {
  private final Server server;
  private final ServedModel served;

  HttpBackend(Server server, ServedModel served) {
    this.server = server;
    this.served = served;
  }

  @Override
  public ModelInfo info() {
    return served.info();
  }

  @Override
  public Capabilities capabilities() {
    return served.capabilities();
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    Requests.check(info(), capabilities(), request);
    return new HttpActivations(
        () -> server.post(ModelService.FORWARD, RequestForm.of(request)), request);
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    Requests.check(info(), capabilities(), request);
    boolean ends = capabilities().features().contains(Capabilities.STOP_STRINGS);
    return new HttpGenerations(server, request, ends);
  }

  @Override
  public void forget() {
    try (Server.Answer answer = server.post(ModelService.FORGET, WireMessage.end())) {
      answer.next();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
