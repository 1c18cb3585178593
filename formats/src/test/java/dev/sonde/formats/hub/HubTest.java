package dev.sonde.formats.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
  private static final HubReference MODEL = HubReference.parse("hf:org/name");
  private static final HubReference AT_COMMIT = MODEL.at(FakeHub.COMMIT);
  private static final String WEIGHTS = "model.safetensors";
  private static final int SIZE = 100_000;

  @TempDir Path home;
  private final FakeHub server = new FakeHub();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private Duration silence = Duration.ofMinutes(1);

  @BeforeEach
  void aModelIsOnTheHub() {
    environment.put("HF_ENDPOINT", server.endpoint());
    server
        .file("README.md", "# A model")
        .file("config.json", "{}")
        .file("tokenizer.json", "{\"version\":\"1.0\"}")
        .large(WEIGHTS, bytes(1, SIZE));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aModelFolderIsFetchedAndNothingElse() throws IOException {
    server
        .file("pytorch_model.bin", "a pickle")
        .file("model.safetensors.index.json", "not needed beside the single file")
        .large("consolidated.safetensors", bytes(2, 10));

    Snapshot snapshot = fetch(MODEL);

    assertThat(snapshot.commit()).isEqualTo(FakeHub.COMMIT);
    assertThat(snapshot.pinned()).isEqualTo(AT_COMMIT);
    assertThat(names(snapshot.path())).containsExactly("config.json", WEIGHTS, "tokenizer.json");
    assertThat(snapshot.path().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
    assertThat(warnings).isEmpty();
  }

  @Test
  void theCacheIsLaidOutAsHuggingFaceHubDoes() throws IOException {
    Path folder = fetch(MODEL).path();

    Path repository = cache().resolve("models--org--name");
    assertThat(folder).isEqualTo(repository.resolve("snapshots").resolve(FakeHub.COMMIT));
    assertThat(Files.readSymbolicLink(folder.resolve("config.json")))
        .isEqualTo(Path.of("../../blobs/" + server.etag("config.json")));
    assertThat(names(repository.resolve("blobs")))
        .containsExactlyInAnyOrder(
            server.etag("config.json"), server.etag("tokenizer.json"), server.etag(WEIGHTS));
    assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(names(repository.resolve(".no_exist").resolve(FakeHub.COMMIT)))
        .containsExactly(
            "added_tokens.json",
            "chat_template.jinja",
            "generation_config.json",
            "special_tokens_map.json",
            "tokenizer_config.json");
    assertThat(cache().resolve(".locks/models--org--name/" + server.etag(WEIGHTS) + ".lock"))
        .exists();
  }

  @Test
  void shardsAreThoseThatTheIndexNames() throws IOException {
    server.files.remove(WEIGHTS);
    server
        .file(
            "model.safetensors.index.json",
            """
            {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors",
                            "c": "model-1.safetensors"}}
            """)
        .large("model-1.safetensors", bytes(1, 10))
        .large("model-2.safetensors", bytes(2, 10))
        .large("other.safetensors", bytes(3, 10));
    assertThat(names(fetch(MODEL).path()))
        .containsExactly(
            "config.json",
            "model-1.safetensors",
            "model-2.safetensors",
            "model.safetensors.index.json",
            "tokenizer.json");
  }

  @Test
  void aShardThatIsNotThereIsNamed() {
    server.files.remove(WEIGHTS);
    server.file("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"gone.safetensors\"}}");
    assertThat(refused(MODEL, Reason.MISSING))
        .hasMessageContaining("no file 'gone.safetensors' at revision '" + FakeHub.COMMIT);
  }

  @Test
  void anIndexThatLeavesItsFolderIsRefused() {
    server.files.remove(WEIGHTS);
    server.file("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"../../x\"}}");
    assertThatThrownBy(() -> fetch(MODEL))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("leaves the folder");
  }

  @Test
  void aCommitInTheCacheNeedsNoRequest() {
    Snapshot first = fetch(MODEL);
    server.requests.clear();
    assertThat(fetch(AT_COMMIT).path()).isEqualTo(first.path());
    assertThat(server.requests).isEmpty();
  }

  @Test
  void aCommitWhoseFilesPythonListedNeedsNoRequest() throws IOException {
    fetch(AT_COMMIT);
    Path repository = cache().resolve("models--org--name");
    try (Stream<Path> absent = Files.list(repository.resolve(".no_exist/" + FakeHub.COMMIT))) {
      for (Path file : absent.toList()) {
        Files.delete(file);
      }
    }
    Files.writeString(
        Files.createDirectory(repository.resolve("trees")).resolve(FakeHub.COMMIT + ".json"),
        """
        {"format_version": 1, "files": {"config.json": {"size": 2, "blob_id": "x"},
         "model.safetensors": {"size": 100000, "blob_id": "y"}}}
        """);
    server.requests.clear();
    fetch(AT_COMMIT);
    assertThat(server.requests).isEmpty();
  }

  @Test
  void aCommitOfWhichTooLittleIsCachedIsCompleted() throws IOException {
    Path tokenizer = fetch(AT_COMMIT).path().resolve("tokenizer.json");
    Files.delete(tokenizer);
    fetch(AT_COMMIT);
    assertThat(tokenizer).exists();
  }

  @Test
  void aBranchIsAskedForAgainAndOnlyWhatChangedIsFetched() throws IOException {
    fetch(MODEL);
    server.file("config.json", "{\"changed\": true}");
    server.revisions.put("main", FakeHub.NEXT_COMMIT);

    Snapshot next = fetch(MODEL);

    assertThat(next.commit()).isEqualTo(FakeHub.NEXT_COMMIT);
    assertThat(next.path().resolve("config.json")).hasContent("{\"changed\": true}");
    assertThat(cache().resolve("models--org--name/refs/main")).hasContent(FakeHub.NEXT_COMMIT);
    assertThat(server.stored).hasSize(1);
  }

  @Test
  void aRevisionWithASlashKeepsItInTheCache() {
    server.revisions.put("refs/pr/1", FakeHub.NEXT_COMMIT);
    assertThat(fetch(MODEL.at("refs/pr/1")).commit()).isEqualTo(FakeHub.NEXT_COMMIT);
    assertThat(cache().resolve("models--org--name/refs/refs/pr/1")).hasContent(FakeHub.NEXT_COMMIT);
  }

  @Test
  void theTokenGoesToTheHubAndNotToTheStorage() {
    server.token = Optional.of("hf_secret");
    environment.put("HF_TOKEN", "hf_secret");
    fetch(MODEL);
    assertThat(server.stored).containsExactly(WEIGHTS + " null null");
  }

  @Test
  void aRedirectWithinTheHubKeepsTheToken() {
    server.token = Optional.of("hf_secret");
    environment.put("HF_TOKEN", "hf_secret");
    server.redirects.put("/api/models/old/revision/main", "/api/models/org/name/revision/main");
    for (String file : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      server.redirects.put(
          "/old/resolve/%s/%s".formatted(FakeHub.COMMIT, file),
          "/org/name/resolve/%s/%s".formatted(FakeHub.COMMIT, file));
    }
    assertThat(fetch(HubReference.parse("hf:old")).path().resolve(WEIGHTS)).exists();
  }

  @Test
  void aMirrorMayLeadToAnotherHostForEverything() {
    String path = "/org/name/resolve/" + FakeHub.COMMIT + "/config.json";
    server.redirects.put(path, server.storage() + "/config.json");
    assertThat(fetch(MODEL).path().resolve("config.json")).hasContent("{}");
  }

  @ParameterizedTest
  @CsvSource({
    "https://hub/a/b, http://hub/c, leads from https to http",
    "https://hub/a/b, http://storage/c, leads from https to http",
    "https://hub/a/b, HTTP://storage/c, leads from https to http",
    "http://hub/a/b, file:///etc/passwd, leads out of the web",
    "https://hub/a/b, //, malformed",
    "https://hub/a/b, http://a b/, malformed"
  })
  void aRedirectToAnUnsafeAddressIsNotFollowed(URI from, String location, String reason) {
    assertThatThrownBy(() -> HubClient.target(from, location))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aRedirectMayBeRelativeOrLeadElsewhere() throws TransientFailure {
    URI from = URI.create("http://hub/a/b");
    assertThat(HubClient.target(from, "/c?d=e")).hasToString("http://hub/c?d=e");
    assertThat(HubClient.target(from, "https://storage/c")).hasToString("https://storage/c");
    assertThat(HubClient.target(from, "HTTP://storage/c")).hasToString("HTTP://storage/c");
  }

  @Test
  void anEndlessRedirectIsLeft() {
    String path = "/api/models/org/name/revision/main";
    server.redirects.put(path, path);
    assertThat(refused(MODEL, Reason.UNREACHABLE)).hasMessageContaining("more than 10 redirects");
  }

  @Test
  void aTransferThatIsCutGoesOnFromThere() {
    server.cuts.addAll(List.of(30_000, 20_000, 10_000));
    assertThat(fetch(MODEL).path().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
    assertThat(server.stored)
        .containsExactly(
            WEIGHTS + " null null",
            WEIGHTS + " bytes=30000- null",
            WEIGHTS + " bytes=50000- null",
            WEIGHTS + " bytes=60000- null");
  }

  @Test
  void aServerThatIgnoresRangesSendsTheWholeFileAgain() {
    server.ignoresRanges = true;
    server.cuts.add(30_000);
    assertThat(fetch(MODEL).path().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
    assertThat(progress).contains(WEIGHTS + " 0/100000", WEIGHTS + " 100000/100000");
  }

  @Test
  void aServerThatHasNothingFromThereIsAskedFromTheStart() throws IOException {
    server.refusesRanges = true;
    leave(bytes(1, 30_000));
    assertThat(fetch(MODEL).path().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
    assertThat(server.stored)
        .containsExactly(WEIGHTS + " bytes=30000- null", WEIGHTS + " null null");
  }

  @Test
  void aServerThatGoesOnFromElsewhereIsNotBelieved() throws IOException {
    server.shift = 5;
    leave(bytes(1, 30_000));
    assertThat(refused(MODEL, Reason.UNREACHABLE))
        .hasMessageContaining("asked from byte 30000, got bytes 30005-");
  }

  @Test
  void aTransferThatFallsSilentGoesOnFromThere() {
    silence = Duration.ofMillis(500);
    server.fallsSilent = true;
    assertThat(fetch(MODEL).path().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
    assertThat(server.stored).hasSizeGreaterThan(1);
  }

  @Test
  void aTransferThatBringsNothingIsGivenUpAndTheNextRunGoesOn() {
    server.cuts.addAll(List.of(30_000, 0, 0));
    assertThat(refused(MODEL, Reason.UNREACHABLE))
        .hasMessageStartingWith("hf:org/name/model.safetensors@" + FakeHub.COMMIT)
        .hasMessageContaining("stopped at byte 30000 of 100000");
    progress.clear();
    fetch(MODEL);
    assertThat(server.stored.getLast()).isEqualTo(WEIGHTS + " bytes=30000- null");
    assertThat(progress).first().isEqualTo(WEIGHTS + " 30000/100000");
  }

  @ParameterizedTest
  @ValueSource(ints = {30_000, SIZE, SIZE + 1})
  void aRestThatIsNotOfThisFileIsFetchedAgain(int length) throws IOException {
    leave(bytes(99, length));
    assertThat(fetch(MODEL).path().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
  }

  @Test
  void aDownloadThatWasCompleteButNotMovedIsNotRepeated() throws IOException {
    leave(server.files.get(WEIGHTS));
    assertThat(fetch(MODEL).path().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
    assertThat(server.stored).isEmpty();
  }

  @Test
  void aLargeFileOfAnotherHashIsRefusedAndNotKept() throws IOException {
    String wrong = "0".repeat(64);
    server.announcedEtags.put(WEIGHTS, wrong);
    assertThat(refused(MODEL, Reason.DAMAGED))
        .hasMessageStartingWith("hf:org/name/model.safetensors@")
        .hasMessageContaining("its hash is not " + wrong);
    assertThat(names(cache().resolve("models--org--name/blobs")))
        .noneMatch(name -> name.startsWith(wrong));
    assertThat(server.stored).hasSize(1);
  }

  @Test
  void aSmallFileOfAnotherHashIsRefused() {
    server.announcedEtags.put("config.json", "\"" + "0".repeat(40) + "\"");
    assertThat(refused(MODEL, Reason.DAMAGED)).hasMessageContaining("config.json");
  }

  @Test
  void moreBytesThanAnnouncedAreRefused() {
    server.announcedSizes.put(WEIGHTS, 10L);
    assertThat(refused(MODEL, Reason.DAMAGED)).hasMessageContaining("more than the announced 10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"W/\"%s\"", "\"%s\"", "%s", "W/%s"})
  void anEtagMayBeQuotedAndWeak(String form) {
    server.announcedEtags.put("config.json", form.formatted(server.etag("config.json")));
    fetch(MODEL);
    assertThat(cache().resolve("models--org--name/blobs/" + server.etag("config.json"))).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"../../../x\"", "", "\"a b\"", "\".hidden\""})
  void anEtagThatIsNoFileNameIsRefused(String etag) {
    server.announcedEtags.put("config.json", etag);
    assertThat(refused(MODEL, Reason.UNREACHABLE))
        .hasMessageContaining("announces etag '" + etag + "'");
  }

  @Test
  void anEtagThatIsNoHashNamesTheBlobAllTheSame() {
    server.announcedEtags.put("config.json", "\"686897696a7c876b7e-3\"");
    fetch(MODEL);
    assertThat(cache().resolve("models--org--name/blobs/686897696a7c876b7e-3")).hasContent("{}");
  }

  @Test
  void anEmptyFileIsFetched() {
    server.file("special_tokens_map.json", "");
    assertThat(fetch(MODEL).path().resolve("special_tokens_map.json")).isEmptyFile();
  }

  @Test
  void aBusyHubIsAskedAgain() {
    server.failures.addAll(List.of(503, 429));
    fetch(MODEL);
    assertThat(server.failures).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aBusyHubIsNotWaitedForIfTheCacheHasIt() {
    fetch(MODEL);
    server.failures.add(503);
    fetch(MODEL);
    assertThat(warnings).singleElement().asString().contains("answered 503");
  }

  @Test
  void aHubThatStaysBusyIsGivenUp() {
    server.failures.addAll(List.of(503, 503, 503));
    assertThat(refused(MODEL, Reason.UNREACHABLE))
        .hasMessageStartingWith("hf:org/name@main: the hub at " + server.endpoint())
        .hasMessageContaining("answered 503");
  }

  @Test
  void withoutAHubTheCachedBranchIsUsedWithAWarning() {
    Snapshot first = fetch(MODEL);
    server.close();
    assertThat(fetch(MODEL).path()).isEqualTo(first.path());
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("cannot be reached", "using the cached commit " + FakeHub.COMMIT);
  }

  @Test
  void aHubThatRefusesIsNotOverriddenByTheCache() {
    fetch(MODEL);
    server.token = Optional.of("hf_secret");
    refused(MODEL, Reason.ACCESS);
  }

  @Test
  void withoutAHubAndACacheTheHubIsNamed() {
    server.close();
    assertThat(refused(MODEL, Reason.UNREACHABLE))
        .hasMessageContaining("the hub at " + server.endpoint() + " cannot be reached");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>Log in</html>", "{}", "{\"sha\": \"../x\", \"siblings\": []}"})
  void anAnswerThatIsNoneOfAHubIsSaidSo(String answer) {
    server.strangeAnswer = Optional.of(answer);
    assertThat(refused(MODEL, Reason.UNREACHABLE))
        .hasMessageContaining("the answer is not one of a hub");
  }

  @Test
  void offlineTheCacheIsUsedWithoutARequest() {
    Snapshot first = fetch(MODEL);
    server.requests.clear();
    environment.put("HF_HUB_OFFLINE", "1");
    assertThat(fetch(MODEL).path()).isEqualTo(first.path());
    assertThat(fetch(AT_COMMIT).path()).isEqualTo(first.path());
    assertThat(server.requests).isEmpty();
  }

  @Test
  void offlineAndNotCachedIsSaidSo() {
    environment.put("HF_HUB_OFFLINE", "1");
    assertThat(refused(MODEL, Reason.OFFLINE))
        .hasMessageStartingWith("hf:org/name@main: " + cache().resolve("models--org--name"))
        .hasMessageContaining("HF_HUB_OFFLINE");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void offlineTheFilesThatASnapshotLacksAreNamed() throws IOException {
    Path weights = fetch(MODEL).path().resolve(WEIGHTS);
    Files.delete(weights);
    environment.put("HF_HUB_OFFLINE", "1");
    assertThat(refused(MODEL, Reason.OFFLINE))
        .hasMessageContaining(weights.getParent() + " lacks " + WEIGHTS);
  }

  @Test
  void aGatedModelSaysWhereToAcceptItsTerms() {
    server.token = Optional.of("hf_secret");
    assertThat(refused(MODEL, Reason.ACCESS))
        .hasMessageContaining("401 without a token")
        .hasMessageContaining(server.endpoint() + "/org/name and set HF_TOKEN");
    environment.put("HF_TOKEN", "hf_other");
    assertThat(refused(MODEL, Reason.ACCESS))
        .hasMessageContaining("403 to the given token")
        .hasMessageNotContaining("hf_other");
  }

  @Test
  void whatTheHubDoesNotHaveIsNamed() {
    assertThat(refused(HubReference.parse("hf:org/nane"), Reason.MISSING))
        .hasMessageContaining("has no repository 'org/nane'");
    assertThat(refused(MODEL.at("v9"), Reason.MISSING))
        .hasMessageContaining("has no revision 'v9' of 'org/name'");
  }

  @Test
  void oneFileIsFetchedAlone() throws IOException {
    server.large("quantised/q4.gguf", bytes(5, 10));
    HubReference file = HubReference.parse("hf:org/name/quantised/q4.gguf");

    Snapshot snapshot = fetch(file);

    assertThat(snapshot.path()).hasBinaryContent(bytes(5, 10));
    assertThat(Files.readSymbolicLink(snapshot.path()))
        .isEqualTo(Path.of("../../../blobs/" + server.etag("quantised/q4.gguf")));
    server.requests.clear();
    fetch(snapshot.pinned());
    assertThat(server.requests).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsAnsweredWithThoseThatAre() {
    server.file("pytorch_model.bin", "a pickle");
    assertThat(refused(HubReference.parse("hf:org/name/q4.gguf"), Reason.MISSING))
        .hasMessageContaining("it has README.md, config.json, model.safetensors, tokenizer.json")
        .hasMessageNotContaining("pytorch_model.bin");
  }

  @Test
  void aFileOfADataSetIsFetched() {
    server.file("rows.jsonl", "{}\n");
    assertThat(fetch(HubReference.parse("hf:datasets/org/name/rows.jsonl")).path())
        .hasContent("{}\n")
        .startsWith(cache().resolve("datasets--org--name"));
  }

  @Test
  void theOnlyTableOfADataSetIsFetchedInAllItsParts() {
    server
        .large("data/train-00000-of-00002.parquet", bytes(6, 10))
        .large("data/train-00001-of-00002.parquet", bytes(7, 10));
    Snapshot snapshot = fetch(HubReference.parse("hf:datasets/org/name"));
    assertThat(snapshot.files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("train-00000-of-00002.parquet", "train-00001-of-00002.parquet");
    assertThat(snapshot.files().getFirst()).startsWith(cache().resolve("datasets--org--name"));
    assertThat(snapshot.pinned()).hasToString("hf:datasets/org/name@" + FakeHub.COMMIT);
    assertThat(Files.exists(snapshot.path().resolve("README.md"))).isFalse();
  }

  @Test
  void oneOfSeveralTablesIsNamedByWhatItsFilesBeginWith() {
    server
        .file("data/train-00000-of-00001.jsonl", "{}\n")
        .file("data/test-00000-of-00001.jsonl", "[]\n")
        .file("default/valid/0000.parquet", "a")
        .file("default/valid/0001.parquet", "b");
    assertThat(refused(HubReference.parse("hf:datasets/org/name"), Reason.MISSING))
        .hasMessageContaining("several tables")
        .hasMessageContaining("hf:datasets/org/name/data/test@main")
        .hasMessageContaining("hf:datasets/org/name/data/train@main")
        .hasMessageContaining("hf:datasets/org/name/default/valid@main");
    Snapshot test = fetch(HubReference.parse("hf:datasets/org/name/data/test"));
    assertThat(test.files()).singleElement().asString().endsWith("test-00000-of-00001.jsonl");
    server.requests.clear();
    assertThat(fetch(test.pinned()).files()).isEqualTo(test.files());
    assertThat(server.requests).isEmpty();
    assertThat(fetch(HubReference.parse("hf:datasets/org/name/default/valid")).files()).hasSize(2);
  }

  @Test
  void aDataSetWithoutTablesSaysWhatItHas() {
    server.file("loader.py", "code");
    assertThat(refused(HubReference.parse("hf:datasets/org/name"), Reason.MISSING))
        .hasMessageContaining("loader.py")
        .hasMessageContaining("refs/convert/parquet");
  }

  @Test
  void offlineATableOfWhichAPartIsMissingIsNotUsed() throws IOException {
    server
        .large("data/train-00000-of-00002.parquet", bytes(6, 10))
        .large("data/train-00001-of-00002.parquet", bytes(7, 10));
    Snapshot snapshot = fetch(HubReference.parse("hf:datasets/org/name"));
    environment.put("HF_HUB_OFFLINE", "1");
    assertThat(fetch(HubReference.parse("hf:datasets/org/name")).files()).hasSize(2);
    Files.delete(snapshot.files().getFirst());
    assertThat(refused(HubReference.parse("hf:datasets/org/name"), Reason.OFFLINE))
        .hasMessageContaining("1 of the 2 parts of data/train");
  }

  @Test
  void aRepositoryWithoutSafetensorsListsItsOtherWeights() {
    server.files.remove(WEIGHTS);
    server.large("a b.gguf", bytes(5, 10)).large("q8.gguf", bytes(6, 10));
    assertThat(refused(MODEL, Reason.MISSING))
        .hasMessageContaining("neither model.safetensors nor model.safetensors.index.json")
        .hasMessageContaining("hf:org/name/a b.gguf@main, hf:org/name/q8.gguf@main");
  }

  @Test
  void aRepositoryOfPicklesIsRefused() {
    server.files.remove(WEIGHTS);
    server.file("pytorch_model.bin", "a pickle");
    assertThat(refused(MODEL, Reason.MISSING)).hasMessageContaining("never read");
  }

  @Test
  void aRepositoryWithoutAConfigurationIsNoModelFolder() {
    server.files.remove("config.json");
    assertThat(refused(MODEL, Reason.MISSING))
        .hasMessageContaining("no config.json")
        .hasMessageContaining("hf:org/name/model.safetensors@main");
  }

  @Test
  void aDiskWithoutRoomIsFoundBeforeTheFirstByte() {
    server.announcedSizes.put(WEIGHTS, 999_999_999_999_999L);
    assertThat(refused(MODEL, Reason.DISK))
        .hasMessageStartingWith(cache().toString())
        .hasMessageContaining("set HF_HUB_CACHE");
    assertThat(server.stored).isEmpty();
  }

  @Test
  void aCacheThatCannotBeMadeIsNamed() throws IOException {
    environment.put("HF_HUB_CACHE", Files.createFile(home.resolve("file")).toString());
    assertThat(refused(MODEL, Reason.DISK)).hasMessageStartingWith(cache().toString());
  }

  @Test
  void withoutLinksTheSnapshotHoldsTheFilesThemselves() throws IOException {
    environment.put("HF_HUB_DISABLE_SYMLINKS", "1");
    Path weights = fetch(MODEL).path().resolve(WEIGHTS);
    assertThat(weights).isRegularFile().hasBinaryContent(server.files.get(WEIGHTS));
    assertThat(Files.isSymbolicLink(weights)).isFalse();
    assertThat(names(cache().resolve("models--org--name/blobs"))).isEmpty();
  }

  @Test
  void withoutLinksABlobThatIsThereIsCopied() throws IOException {
    fetch(MODEL);
    environment.put("HF_HUB_DISABLE_SYMLINKS", "1");
    server.revisions.put("main", FakeHub.NEXT_COMMIT);
    Path weights = fetch(MODEL).path().resolve(WEIGHTS);
    assertThat(weights).isRegularFile().hasBinaryContent(server.files.get(WEIGHTS));
    assertThat(cache().resolve("models--org--name/blobs/" + server.etag(WEIGHTS))).exists();
  }

  @Test
  void aLinkWhoseBlobIsGoneIsMadeAgain() throws IOException {
    Path weights = fetch(MODEL).path().resolve(WEIGHTS);
    Files.delete(weights);
    Files.createSymbolicLink(weights, Path.of("../../blobs/gone"));
    fetch(AT_COMMIT);
    assertThat(weights).isSymbolicLink().hasBinaryContent(server.files.get(WEIGHTS));
  }

  @Test
  void anOldCacheIsReadAndNotWritten() throws IOException {
    environment.put("HF_HUB_CACHE", home.resolve("old").toString());
    fetch(MODEL);
    server.stored.clear();
    environment.remove("HF_HUB_CACHE");
    environment.put("TRANSFORMERS_CACHE", home.resolve("old").toString());

    assertThat(fetch(MODEL).path()).startsWith(home.resolve("old"));
    assertThat(fetch(AT_COMMIT).path()).startsWith(home.resolve("old"));
    server.revisions.put("tag", FakeHub.COMMIT);
    assertThat(fetch(MODEL.at("tag")).path()).startsWith(home.resolve("old"));
    assertThat(server.stored).isEmpty();
    assertThat(names(home.resolve("old/models--org--name/refs"))).containsExactly("main");

    server.revisions.put("main", FakeHub.NEXT_COMMIT);
    assertThat(fetch(MODEL).path()).startsWith(cache());
    assertThat(names(home.resolve("old/models--org--name/snapshots")))
        .containsExactly(FakeHub.COMMIT);
  }

  @Test
  void progressBeginsAtWhatIsThereAndEndsAtTheWhole() {
    fetch(MODEL);
    List<String> ofWeights = progress.stream().filter(p -> p.startsWith(WEIGHTS)).toList();
    assertThat(ofWeights.getFirst()).isEqualTo(WEIGHTS + " 0/100000");
    assertThat(ofWeights.getLast()).isEqualTo(WEIGHTS + " 100000/100000");
    assertThat(ofWeights).doesNotHaveDuplicates();
  }

  @Test
  void aBlobThatAnotherFetchesIsWaitedFor() throws Exception {
    Path lockFile = cache().resolve(".locks/models--org--name/" + server.etag(WEIGHTS) + ".lock");
    CompletableFuture<String> waits = new CompletableFuture<>();
    HubListener listener =
        new HubListener() {
          @Override
          public void warning(String message) {
            waits.complete(message);
          }
        };
    CompletableFuture<Snapshot> fetched;
    try (BlobLock held = BlobLock.take(lockFile, () -> {})) {
      assertThat(held).isNotNull();
      fetched = CompletableFuture.supplyAsync(() -> hub().snapshot(MODEL, listener));
      CompletableFuture.anyOf(waits, fetched).join();
      assertThat(server.stored).isEmpty();
    }
    assertThat(fetched.join().path().resolve(WEIGHTS)).exists();
    assertThat(waits).isCompletedWithValueMatching(w -> w.contains("waiting (lock " + lockFile));
  }

  @Test
  void anInterruptedThreadStaysInterrupted() {
    Thread.currentThread().interrupt();
    HubException stopped = refused(MODEL, Reason.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped).hasMessageStartingWith("hf:org/name@main: interrupted");
  }

  private Snapshot fetch(HubReference reference) {
    return hub()
        .snapshot(
            reference,
            new HubListener() {
              @Override
              public void progress(String file, long done, long total) {
                progress.add("%s %d/%d".formatted(file, done, total));
                server.arrived(done);
              }

              @Override
              public void warning(String message) {
                warnings.add(message);
              }
            });
  }

  private HubException refused(HubReference reference, Reason reason) {
    HubException refused = catchThrowableOfType(HubException.class, () -> fetch(reference));
    assertThat(refused).isNotNull();
    assertThat(refused.reason()).isEqualTo(reason);
    return refused;
  }

  private Hub hub() {
    return new Hub(HubSettings.of(environment, home), new Patience(3, Duration.ZERO, silence));
  }

  private Path cache() {
    return HubSettings.of(environment, home).cache();
  }

  /** What a download that was cut off leaves behind. */
  private void leave(byte[] content) throws IOException {
    Path blobs = Files.createDirectories(cache().resolve("models--org--name/blobs"));
    Files.write(blobs.resolve(server.etag(WEIGHTS) + ".incomplete"), content);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
