package dev.sonde.backend.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.backend.reference.ReferencePlugin;
import dev.sonde.testkit.ModelBackendContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract of model backends against a server that runs the reference. */
class HttpBackendTest extends ModelBackendContract {
  private static ModelServer server;

  @BeforeAll
  static void startServer() {
    server = new ModelServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  static ModelBackendFactory reference() {
    return new ReferencePlugin().backends().getFirst();
  }

  @Override
  protected ModelBackendFactory factory() {
    return new ServedFactory(server, reference(), List.of());
  }

  @Test
  void whatTheServedModelCanItCanFromHere() {
    try (LanguageModel there = reference().open(Sources.of(folder.resolve("model"), folder))) {
      Capabilities can = there.capabilities();
      Capabilities here = backend().capabilities();
      assertThat(here.sites()).isEqualTo(can.sites());
      assertThat(here.longestContext()).isEqualTo(can.longestContext());
      assertThat(here.generates()).isEqualTo(can.generates());
      assertThat(here.selectors()).isEqualTo(can.selectors());
      assertThat(here.reductions()).isEqualTo(can.reductions());
      assertThat(here.features()).isEqualTo(can.features());
      assertThat(backend().info().contentHash()).isEqualTo(there.info().contentHash());
      assertThat(backend().info().widths()).isEqualTo(there.info().widths());
    }
  }
}
