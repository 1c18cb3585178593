package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Exchanger;
import org.junit.jupiter.api.Test;

/** A tokenizer that keeps the contract passes it; each way of breaking it fails a check. */
class WrongTokenizersTest {
  private static final int BEGIN = 1 << 16;

  @Test
  void everyCheckCanFail() {
    assertThat(Verdicts.neverFailed(Right.class)).isEmpty();
  }

  @Test
  void aTokenizerThatKeepsTheContractPasses() {
    Verdicts verdicts = Verdicts.of(Right.class);
    assertThat(verdicts.failed()).isEmpty();
    assertThat(verdicts.passed()).hasSize(11);
  }

  @Test
  void placesOutsideTheTextFail() {
    assertThat(Verdicts.of(Misplaced.class).failed()).contains("everyTokenStandsWhereItsPlacesSay");
  }

  @Test
  void aTokenizerThatLosesCaseFails() {
    assertThat(Verdicts.of(Lowering.class).failed()).contains("decodingGivesTheTextBack");
  }

  @Test
  void specialTokensThatNobodyAskedForFail() {
    assertThat(Verdicts.of(Special.class).failed())
        .contains("specialTokensAreAddedOnlyWhereTheyAreAskedFor");
  }

  @Test
  void aTokenizerWithOneBufferForAllThreadsFails() {
    assertThat(Verdicts.of(Sharing.class).failed()).contains("severalThreadsGetWhatOneGets");
  }

  @Test
  void whoOpensAnythingOrMakesUpATemplateFails() {
    assertThat(Verdicts.of(Obliging.class).failed())
        .contains(
            "itOpensItsOwnFormatAndNoOther",
            "aFileThatIsNotThereIsRefusedByName",
            "withoutAChatTemplateConversationsAreRefused",
            "everyTokenHasAText");
  }

  /** A token for each character. */
  private static class Characters implements Tokenizer {
    @Override
    public Encoding encode(String text, boolean specialTokens) {
      int before = specialTokens ? 1 : 0;
      int[] ids = new int[text.length() + before];
      int[] starts = new int[ids.length];
      int[] ends = new int[ids.length];
      for (int i = before; i < ids.length; i++) {
        ids[i] = text.charAt(i - before);
        starts[i] = i - before;
        ends[i] = i - before + 1;
      }
      if (specialTokens) {
        ids[0] = BEGIN;
      }
      return Encoding.of(ids, starts, ends);
    }

    @Override
    public String decode(int[] ids) {
      StringBuilder text = new StringBuilder();
      Arrays.stream(ids).filter(id -> id != BEGIN).forEach(id -> text.append((char) id));
      return text.toString();
    }

    @Override
    public String token(int id) {
      return id == BEGIN ? "<begin>" : String.valueOf((char) id);
    }

    @Override
    public void close() {}
  }

  private abstract static class Contract extends TokenizerContract {
    abstract Tokenizer tokenizer();

    boolean opensAll() {
      return false;
    }

    @Override
    protected TokenizerFactory factory() {
      return new TokenizerFactory() {
        @Override
        public String name() {
          return "characters";
        }

        @Override
        public String summary() {
          return "a token for each character";
        }

        @Override
        public boolean opens(TokenizerSource source) {
          return opensAll() || source.format().equals("characters");
        }

        @Override
        public Tokenizer open(TokenizerSource source, Resources resources) {
          if (!opensAll() && !Files.exists(source.file())) {
            throw new ModelUnavailableException(source.file() + ": is not there");
          }
          return tokenizer();
        }
      };
    }

    @Override
    protected TokenizerSource source() {
      try {
        Path file = folder.resolve("characters");
        Files.writeString(file, "");
        return new TokenizerSource("characters", file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected List<String> texts() {
      return List.of("Some text, long enough to be cut up by other threads.", "Another", "");
    }
  }

  static class Right extends Contract {
    @Override
    Tokenizer tokenizer() {
      return new Characters();
    }
  }

  static class Misplaced extends Contract {
    @Override
    Tokenizer tokenizer() {
      return new Characters() {
        @Override
        public Encoding encode(String text, boolean specialTokens) {
          Encoding encoding = super.encode(text, specialTokens);
          int[] ends = Arrays.stream(encoding.ends()).map(end -> end + 1).toArray();
          return Encoding.of(encoding.ids(), encoding.starts(), ends);
        }
      };
    }
  }

  static class Lowering extends Contract {
    @Override
    Tokenizer tokenizer() {
      return new Characters() {
        @Override
        public String decode(int[] ids) {
          return super.decode(ids).toLowerCase(Locale.ROOT);
        }
      };
    }
  }

  static class Special extends Contract {
    @Override
    Tokenizer tokenizer() {
      return new Characters() {
        @Override
        public Encoding encode(String text, boolean specialTokens) {
          return super.encode(text, !specialTokens);
        }
      };
    }
  }

  static class Sharing extends Contract {
    @Override
    Tokenizer tokenizer() {
      return new Characters() {
        private final Thread owner = Thread.currentThread();
        private final Exchanger<String> buffer = new Exchanger<>();

        @Override
        public Encoding encode(String text, boolean specialTokens) {
          if (Thread.currentThread() == owner) {
            return super.encode(text, specialTokens);
          }
          try { // each of two threads finds the other's text in the buffer
            return super.encode(buffer.exchange(text), specialTokens);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
      };
    }
  }

  static class Obliging extends Contract {
    @Override
    boolean opensAll() {
      return true;
    }

    @Override
    Tokenizer tokenizer() {
      return new Characters() {
        @Override
        public String token(int id) {
          return "";
        }

        @Override
        public String render(List<Message> messages, boolean addGenerationPrompt) {
          return "made up";
        }
      };
    }
  }
}
