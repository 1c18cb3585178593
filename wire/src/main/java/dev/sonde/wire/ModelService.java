package dev.sonde.wire;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.LanguageModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The serving side: answers requests by any model, over whatever carries them. Requests may come
 * from several threads; the model is called by one at a time, and not while an answer is on its
 * way, so that one that is not taken keeps no other waiting.
 */
public final class ModelService {
  /** The path at which a model says what it is. */
  public static final String MODEL = "/model";

  /** The path of passes. */
  public static final String FORWARD = "/forward";

  /** The path of generations. */
  public static final String GENERATE = "/generate";

  /** The path that makes a model forget what it kept of earlier requests. */
  public static final String FORGET = "/forget";

  private final LanguageModel model;
  private final List<String> pieces;
  private final ReentrantLock turn = new ReentrantLock();

  /** Where an answer goes. */
  public interface Reply {
    /**
     * Begins the answer.
     *
     * @param status of HTTP
     * @return where its messages are written; the service closes it
     */
    OutputStream begin(int status) throws IOException;
  }

  /**
   * Serves a model.
   *
   * @param pieces what each token adds to a text, by which the service ends generations at texts;
   *     empty where the model does so itself, or nobody shall
   */
  public ModelService(LanguageModel model, List<String> pieces) {
    this.model = model;
    this.pieces = List.copyOf(pieces);
  }

  /**
   * Answers one request; what goes wrong is part of the answer.
   *
   * @param path one of those above
   * @throws IOException if the answer cannot be written
   */
  public void answer(String path, InputStream request, Reply reply) throws IOException {
    switch (path) {
      case MODEL -> send(reply, () -> messages(described()));
      case FORWARD -> send(reply, () -> forward(RequestForm.forward(asked(request))));
      case GENERATE -> send(reply, () -> generate(RequestForm.generate(asked(request))));
      case FORGET ->
          send(
              reply,
              () -> {
                model.forget();
                return messages();
              });
      default ->
          send(
              reply,
              () -> {
                throw new UnsupportedCapabilityException(
                    "there is nothing at %s; there are %s"
                        .formatted(path, List.of(MODEL, FORWARD, GENERATE, FORGET)));
              });
    }
  }

  private static WireMessage asked(InputStream request) {
    try {
      return WireMessage.read(request).orElseThrow(() -> new WireException("the request is empty"));
    } catch (IOException e) {
      throw new WireException("the request cannot be read: " + e, e);
    }
  }

  /** Stop strings are offered where the service can see to them. */
  private WireMessage described() {
    Capabilities can = model.capabilities();
    if (pieces.isEmpty()) {
      return new ServedModel(model.info(), can).message();
    }
    Capabilities more = can.features(Set.of(Capabilities.STOP_STRINGS));
    return new ServedModel(model.info(), more).message();
  }

  /** Messages one after the other; the last is an end. */
  private interface Messages extends AutoCloseable {
    WireMessage next();

    @Override
    default void close() {}
  }

  private static Messages messages(WireMessage... all) {
    Iterator<WireMessage> left = List.of(all).iterator();
    return () -> left.hasNext() ? left.next() : WireMessage.end();
  }

  private Messages forward(ForwardRequest request) {
    ActivationStream stream = model.forward(request);
    return new Messages() {
      @Override
      public WireMessage next() {
        return stream.next() ? AnswerForm.of(stream.batch()) : WireMessage.end();
      }

      @Override
      public void close() {
        stream.close();
      }
    };
  }

  private Messages generate(GenerateRequest asked) {
    GenerateRequest request = asked.stopStrings().isEmpty() ? asked : asked.withPieces(pieces);
    GenerationStream stream = model.generate(request);
    return new Messages() {
      @Override
      public WireMessage next() {
        return stream.next() ? AnswerForm.of(stream.generation(), request) : WireMessage.end();
      }

      @Override
      public void close() {
        stream.close();
      }
    };
  }

  private void send(Reply reply, Supplier<Messages> begin) throws IOException {
    Optional<Messages> messages = Optional.empty();
    WireMessage message;
    try {
      Messages begun = inTurn(begin);
      messages = Optional.of(begun);
      message = inTurn(begun::next);
    } catch (RuntimeException | LinkageError e) {
      message = AnswerForm.error(e);
    }
    try (OutputStream out = reply.begin(AnswerForm.status(message))) {
      message.writeTo(out);
      while (messages.isPresent() && !message.isEnd() && !message.isError()) {
        message = following(messages.get());
        message.writeTo(out);
      }
    } finally {
      messages.ifPresent(
          begun ->
              inTurn(
                  () -> {
                    begun.close();
                    return true;
                  }));
    }
  }

  private WireMessage following(Messages messages) {
    try {
      return inTurn(messages::next);
    } catch (RuntimeException | LinkageError e) {
      return AnswerForm.error(e);
    }
  }

  private <T> T inTurn(Supplier<T> call) {
    turn.lock();
    try {
      return call.get();
    } finally {
      turn.unlock();
    }
  }
}
