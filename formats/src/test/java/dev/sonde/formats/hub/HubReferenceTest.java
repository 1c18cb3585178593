package dev.sonde.formats.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.hub.HubException.Reason;
import dev.sonde.formats.hub.HubReference.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "hf:org/name, org/name, , main",
    "hf:org/name@v1.0, org/name, , v1.0",
    "hf:org/name@refs/pr/7, org/name, , refs/pr/7",
    "hf:gpt2, gpt2, , main",
    "hf:org/name/a.gguf, org/name, a.gguf, main",
    "hf:org/name/layer_3/sae.safetensors@dev, org/name, layer_3/sae.safetensors, dev"
  })
  void aReferenceNamesRepositoryFileAndRevision(
      String text, String repository, String file, String revision) {
    assertThat(HubReference.parse(text))
        .isEqualTo(new HubReference(Kind.MODEL, repository, Optional.ofNullable(file), revision));
  }

  @Test
  void aReferenceIsWrittenAsItIsRead() {
    for (String text :
        new String[] {
          "hf:org/name@main",
          "hf:org/name/a/b.gguf@v1",
          "hf:datasets/org/name@main",
          "hf:datasets/org/name/rows.jsonl@main"
        }) {
      assertThat(HubReference.parse(text)).hasToString(text);
    }
  }

  @Test
  void aFileOfADataSetLiesInAFolderOfItsOwnKind() {
    HubReference rows = HubReference.parse("hf:datasets/org/name/rows.jsonl");
    assertThat(rows.kind()).isEqualTo(Kind.DATASET);
    assertThat(rows.folderName()).isEqualTo("datasets--org--name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:/name",
        "hf:org/",
        "hf://org/name",
        "hf:../name",
        "hf:org/..",
        "hf:org/na..me",
        "hf:org/na--me",
        "hf:-org/name",
        "hf:org/name-",
        "hf:org/name.git",
        "hf:org/na me",
        "hf:org/na%2e",
        "hf:org\\name",
        "hf:o\u00efrg/name"
      })
  void aRepositoryOfAnotherFormIsRefused(String text) {
    assertThatThrownBy(() -> HubReference.parse(text))
        .isInstanceOfSatisfying(
            HubException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INPUT))
        .hasMessageContaining("is not the repository of a hub reference; write hf:org/name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hf:org/name@ | '': is not the revision",
        "hf:org/name@../main | '../main': is not the revision",
        "hf:org/name@a//b | 'a//b': is not the revision",
        "hf:org/name@/main | '/main': is not the revision",
        "hf:org/name@-x | '-x': is not the revision",
        "hf:org/name@main@dev | 'main@dev': is not the revision",
        "hf:org/name/../x.gguf | '../x.gguf': is not the file",
        "hf:org/name/.git/config | '.git/config': is not the file",
        "hf:org/name/a?b | 'a?b': is not the file",
        "org/name | 'org/name': does not begin with hf:",
        "hf:org/name/pytorch_model.bin | is a pickle, which can run code",
        "hf:org/name/weights.PT | is a pickle, which can run code",
        "hf:datasets/org/name/rows.pkl | is a pickle, which can run code"
      })
  void aPartOfAnotherFormIsNamed(String text, String reason) {
    assertThatThrownBy(() -> HubReference.parse(text))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void onlyAWholeHashIsACommit() {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    assertThat(HubReference.parse("hf:org/name@" + commit).isCommit()).isTrue();
    assertThat(HubReference.parse("hf:org/name@" + commit.substring(1)).isCommit()).isFalse();
    assertThat(HubReference.parse("hf:org/name").at(commit)).hasToString("hf:org/name@" + commit);
  }
}
