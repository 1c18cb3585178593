package dev.sonde.backend.http;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.wire.AnswerForm;
import dev.sonde.wire.WireException;
import dev.sonde.wire.WireMessage;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Supplier;

/** The batches that a server answers with; it is asked when the first is wanted. */
final class HttpActivations implements ActivationStream {
  private final Supplier<Server.Answer> ask;
  private final ForwardRequest request;
  private Optional<Server.Answer> answer = Optional.empty();
  private Optional<Batch> current = Optional.empty();
  private Optional<Arena> memory = Optional.empty();
  private boolean closed;

  HttpActivations(Supplier<Server.Answer> ask, ForwardRequest request) {
    this.ask = ask;
    this.request = request;
  }

  @Override
  public boolean next() {
    release();
    if (closed) {
      return false;
    }
    Server.Answer open = answer.orElseGet(ask);
    answer = Optional.of(open);
    WireMessage message = open.next();
    if (message.isEnd()) {
      return false;
    }
    Arena arena = Arena.ofShared();
    memory = Optional.of(arena);
    try {
      current = Optional.of(AnswerForm.batch(message, request, arena));
    } catch (WireException e) {
      throw open.broken(e);
    }
    return true;
  }

  @Override
  public Batch batch() {
    return current.orElseThrow(() -> new IllegalStateException("there is no current batch"));
  }

  private void release() {
    current = Optional.empty();
    memory.ifPresent(Arena::close);
    memory = Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    release();
    answer.ifPresent(Server.Answer::close);
    answer = Optional.empty();
  }
}
