package dev.sonde.formats.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server is waited for as long as it sends, and believed up to a size. */
class BodyTest {
  private static final HubReference REFERENCE = HubReference.parse("hf:org/name");
  private static final Instant NOW = Instant.parse("2026-11-06T08:49:37Z");

  @Test
  void aServerThatDripsIsAFailure() {
    InputStream drip =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] buffer, int from, int length) {
            try {
              Thread.sleep(5);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            buffer[from] = 'x';
            return 1;
          }
        };
    Body body = new Body(REFERENCE, drip, Duration.ofMillis(50));
    assertThatThrownBy(() -> body.readAll(1_000_000))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("bytes arrived in");
  }

  @Test
  void moreThanIsReadIsRefused() throws TransientFailure {
    Body small = new Body(REFERENCE, new ByteArrayInputStream(new byte[9]), Duration.ofMinutes(1));
    assertThat(small.readAll(9)).hasSize(9);
    Body large = new Body(REFERENCE, new ByteArrayInputStream(new byte[10]), Duration.ofMinutes(1));
    assertThatThrownBy(() -> large.readAll(9))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("HF_ENDPOINT");
  }

  @Test
  void aServerSaysInSecondsOrByADateWhenToComeBack() {
    assertThat(RetryAfter.of("26", NOW)).contains(Duration.ofSeconds(26));
    assertThat(RetryAfter.of("Fri, 06 Nov 2026 08:50:37 GMT", NOW)).contains(Duration.ofMinutes(1));
    assertThat(RetryAfter.of("Fri, 06 Nov 2026 08:00:00 GMT", NOW)).isEmpty();
    assertThat(RetryAfter.of("soon", NOW)).isEmpty();
    assertThat(RetryAfter.of("", NOW)).isEmpty();
  }

  @Test
  void aHubThatWantsToBeLeftAloneForHoursIsNotWaitedFor() {
    Patience patience = new Patience(3, Duration.ZERO, Duration.ofMinutes(1));
    assertThatThrownBy(() -> patience.pause(REFERENCE, 1, Optional.of(Duration.ofHours(2))))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("120 minutes");
  }
}
