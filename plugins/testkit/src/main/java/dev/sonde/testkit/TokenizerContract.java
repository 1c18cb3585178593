package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every tokenizer keeps to. */
public abstract class TokenizerContract extends ExtensionContract {
  private static final int THREADS = 4;
  private static final int ROUNDS = 50;

  /** A folder for the test. */
  @TempDir protected Path folder;

  private Tokenizer tokenizer;

  /** For sub-classes. */
  protected TokenizerContract() {}

  @Override
  protected abstract TokenizerFactory factory();

  /** Where a tokenizer is. */
  protected abstract TokenizerSource source();

  /** Texts that it knows every part of, so that decoding gives them back. */
  protected abstract List<String> texts();

  @BeforeEach
  void openTokenizer() {
    tokenizer = open(source());
  }

  @AfterEach
  void closeTokenizer() {
    tokenizer.close();
  }

  private Tokenizer open(TokenizerSource source) {
    return factory().open(source, Resources.of(folder.resolve("cache")).threads(THREADS));
  }

  @Test
  void itOpensItsOwnFormatAndNoOther() {
    assertThat(factory().opens(source()))
        .as("opens() says that source() is in the format")
        .isTrue();
    assertThat(factory().opens(new TokenizerSource("unheard-of", source().file())))
        .as("opens() claims the format 'unheard-of'")
        .isFalse();
  }

  @Test
  void aFileThatIsNotThereIsRefusedByName() {
    TokenizerSource absent = new TokenizerSource(source().format(), folder.resolve("absent.file"));
    assertThatThrownBy(() -> open(absent))
        .as("opening a file that is not there throws a ModelUnavailableException that names it")
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("absent.file");
  }

  @Test
  void everyTokenStandsWhereItsPlacesSay() {
    for (String text : texts()) {
      Encoding encoding = tokenizer.encode(text, true);
      assertThat(encoding.starts())
          .as("starts(): one a token of '%s'", text)
          .hasSize(encoding.size());
      assertThat(encoding.ends()).as("ends(): one a token of '%s'", text).hasSize(encoding.size());
      for (int token = 0; token < encoding.size(); token++) {
        assertThat(encoding.starts()[token])
            .as("where token %d begins in '%s'", token, text)
            .isBetween(0, text.length());
        assertThat(encoding.ends()[token])
            .as("where token %d, which begins before, ends in '%s'", token, text)
            .isBetween(encoding.starts()[token], text.length());
        if (token > 0) {
          assertThat(encoding.starts()[token])
              .as("where token %d begins in '%s': not before its predecessor", token, text)
              .isGreaterThanOrEqualTo(encoding.starts()[token - 1]);
        }
      }
    }
  }

  @Test
  void decodingGivesTheTextBack() {
    for (String text : texts()) {
      assertThat(tokenizer.decode(tokenizer.encode(text, false).ids()).strip())
          .as("what the tokens of '%s' decode to", text)
          .isEqualTo(text.strip());
    }
  }

  @Test
  void specialTokensAreAddedOnlyWhereTheyAreAskedFor() {
    for (String text : texts()) {
      int[] plain = tokenizer.encode(text, false).ids();
      int[] special = tokenizer.encode(text, true).ids();
      assertThat(special)
          .as("number of tokens of '%s' with special ones", text)
          .hasSizeGreaterThanOrEqualTo(plain.length);
      if (plain.length > 0) {
        assertThat(special)
            .as("tokens of '%s' with special ones, which hold those without in a row", text)
            .containsSequence(plain);
      }
      assertThat(tokenizer.decode(special).strip())
          .as("what the tokens of '%s' decode to, of which the special ones have no text", text)
          .isEqualTo(text.strip());
    }
  }

  @Test
  void everyTokenHasAText() {
    for (String text : texts()) {
      for (int id : tokenizer.encode(text, true).ids()) {
        assertThat(tokenizer.token(id)).as("token(%d)", id).isNotEmpty();
      }
    }
  }

  @Test
  void severalThreadsGetWhatOneGets() throws Exception {
    String text = texts().getFirst();
    int[] alone = tokenizer.encode(text, true).ids();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<int[]>> all = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        String other = texts().get(i % texts().size());
        threads.execute(() -> tokenizer.encode(other, true));
        all.add(threads.submit(() -> tokenizer.encode(text, true).ids()));
      }
      for (Future<int[]> each : all) {
        assertThat(each.get())
            .as("the tokens of a text that several threads encode at once")
            .containsExactly(alone);
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a tokenizer is used by several threads at once", e.getCause());
    }
  }

  @Test
  void withoutAChatTemplateConversationsAreRefused() {
    if (tokenizer.chatTemplate().isEmpty()) {
      assertThatThrownBy(() -> tokenizer.render(List.of(Message.of("user", "hello")), true))
          .as(
              "rendering a conversation without a chat template throws an UnsupportedCapabilityException"
                  + " that says so")
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining("no chat template");
    }
  }
}
