package dev.sonde.backend.replay;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.FormatException;

/** Opens the texts of replayed rows. */
final class TextsFactory implements TokenizerFactory {
  static final String FORMAT = "replayed-texts";

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public String summary() {
    return "whole texts as tokens, for replayed activations";
  }

  @Override
  public boolean opens(TokenizerSource source) {
    return source.format().equals(FORMAT);
  }

  @Override
  public Tokenizer open(TokenizerSource source, Resources resources) {
    try {
      return Texts.read(source.file());
    } catch (FormatException e) {
      throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }
}
