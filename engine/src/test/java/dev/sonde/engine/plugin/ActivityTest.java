package dev.sonde.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ActivityTest {
  private final Activity activity = new Activity();

  @Test
  void theInnermostPluginIsTheOneThatRuns() {
    Thread thread = Thread.currentThread();
    activity.during(
        "probe",
        () -> {
          assertThat(activity.on(thread)).contains("probe");
          activity.during(
              "backend",
              () -> {
                assertThat(activity.on(thread)).contains("backend");
                return true;
              });
          assertThat(activity.on(thread)).contains("probe");
          return true;
        });
    assertThat(activity.on(thread)).isEmpty();
    assertThat(activity.latest()).isEmpty();
  }

  @Test
  void onlyACallThatGivesNoSignStalls() {
    assertThat(activity.stalledFor(Duration.ZERO)).isEmpty();
    activity.during(
        "probe",
        () -> {
          assertThat(activity.stalledFor(Duration.ZERO))
              .map(Activity.Stall::plugin)
              .contains("probe");
          assertThat(activity.stalledFor(Duration.ofHours(1))).isEmpty();
          return true;
        });
  }

  @Test
  void aCallIsOverEvenIfItThrows() {
    try {
      activity.during(
          "thrower",
          () -> {
            throw new IllegalStateException("no");
          });
    } catch (IllegalStateException expected) {
      assertThat(activity.latest()).isEmpty();
    }
  }

  @Test
  void theWatchdogNamesThePluginAndWhereItHangs() throws Exception {
    CompletableFuture<String> said = new CompletableFuture<>();
    CountDownLatch never = new CountDownLatch(1);
    Thread hanging =
        new Thread(
            () ->
                activity.during(
                    "looper",
                    () -> {
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return true;
                    }));
    hanging.start();
    Guard guard =
        Guard.over(activity, Duration.ofMillis(50), (who, what) -> said.complete(who + " " + what));
    try {
      assertThat(said.get())
          .startsWith("looper has made no progress")
          .contains(ActivityTest.class.getName());
    } finally {
      guard.close();
      hanging.interrupt();
    }
  }
}
