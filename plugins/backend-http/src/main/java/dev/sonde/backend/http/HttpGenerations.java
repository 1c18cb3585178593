package dev.sonde.backend.http;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.packing.Stops;
import dev.sonde.wire.AnswerForm;
import dev.sonde.wire.ModelService;
import dev.sonde.wire.RequestForm;
import dev.sonde.wire.WireException;
import dev.sonde.wire.WireMessage;
import java.util.List;
import java.util.Optional;

/**
 * The generations that a server answers with. One that does not end them at texts itself goes on to
 * the most tokens, and they are cut here: the tokens are the same.
 */
final class HttpGenerations implements GenerationStream {
  private final Server server;
  private final GenerateRequest request;
  private final Optional<Stops> cut;
  private final GenerateRequest asked;
  private Optional<Server.Answer> answer = Optional.empty();
  private Optional<Generation> current = Optional.empty();
  private boolean closed;

  /**
   * Nothing asked yet.
   *
   * @param ends whether the server ends generations at texts itself
   */
  HttpGenerations(Server server, GenerateRequest request, boolean ends) {
    this.server = server;
    this.request = request;
    boolean here = !ends && !request.stopStrings().isEmpty();
    this.cut = here ? Optional.of(new Stops(request)) : Optional.empty();
    this.asked = here ? request.stoppingAt(List.of()) : request;
  }

  @Override
  public boolean next() {
    current = Optional.empty();
    if (closed) {
      return false;
    }
    Server.Answer open =
        answer.orElseGet(() -> server.post(ModelService.GENERATE, RequestForm.of(asked)));
    answer = Optional.of(open);
    WireMessage message = open.next();
    if (message.isEnd()) {
      return false;
    }
    try {
      Generation whole = AnswerForm.generation(message, request);
      current = Optional.of(cut.map(stops -> whole.first(stops.end(whole.tokens()))).orElse(whole));
    } catch (WireException e) {
      throw open.broken(e);
    }
    return true;
  }

  @Override
  public Generation generation() {
    return current.orElseThrow(() -> new IllegalStateException("there is no generation"));
  }

  @Override
  public void close() {
    closed = true;
    current = Optional.empty();
    answer.ifPresent(Server.Answer::close);
    answer = Optional.empty();
  }
}
