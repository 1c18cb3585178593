package dev.sonde.tokenizer.huggingface;

import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.testkit.TokenizerContract;
import java.nio.file.Path;
import java.util.List;

class TokenizerJsonContractTest extends TokenizerContract {
  @Override
  protected TokenizerFactory factory() {
    return new TokenizerJsonFactory();
  }

  @Override
  protected TokenizerSource source() {
    return TokenizerSource.of(Path.of("../../models/microworld/tokenizer.json"));
  }

  @Override
  protected List<String> texts() {
    return List.of("Q : b 9 . f 2 .", "A : first 7 + 2 = 9 .", "");
  }
}
