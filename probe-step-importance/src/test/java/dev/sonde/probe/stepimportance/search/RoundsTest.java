package dev.sonde.probe.stepimportance.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.SondeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever becomes of a search or a request, no search is left behind. */
@Timeout(60)
class RoundsTest {
  private final List<List<String>> requests = new ArrayList<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  @AfterEach
  void noSearchIsLeft() {
    assertThat(threads).isNotEmpty().noneMatch(Thread::isAlive);
  }

  /** Asks so many times for its own name and the number of the question. */
  private Rounds.Search<String, String> asking(String name, int times) {
    return asking -> {
      threads.add(Thread.currentThread());
      for (int i = 0; i < times; i++) {
        asking.ask(List.of(name + i));
      }
      return name;
    };
  }

  private List<String> run(
      Consumer<List<String>> request, List<Rounds.Search<String, String>> searches) {
    return new Rounds<String>(
            asked -> {
              requests.add(asked);
              request.accept(asked);
            })
        .run(searches);
  }

  @Test
  void whatAllSearchesAskIsOneRequestInTheirOrder() {
    for (int repeated = 0; repeated < 200; repeated++) {
      requests.clear();

      List<String> results =
          run(asked -> {}, List.of(asking("a", 2), asking("b", 0), asking("c", 3), asking("d", 1)));

      assertThat(results).containsExactly("a", "b", "c", "d");
      assertThat(requests)
          .containsExactly(List.of("a0", "c0", "d0"), List.of("a1", "c1"), List.of("c2"));
    }
  }

  @Test
  void aSearchSeesWhatTheRequestDid() {
    Set<String> done = new HashSet<>();
    Rounds.Search<String, String> search =
        asking -> {
          threads.add(Thread.currentThread());
          asking.ask(List.of("x", "y"));
          return String.valueOf(done.containsAll(List.of("x", "y")));
        };

    assertThat(run(done::addAll, List.of(search))).containsExactly("true");
  }

  @Test
  void requestsAreMadeByTheCallersThread() {
    Set<Thread> callers = new HashSet<>();
    run(asked -> callers.add(Thread.currentThread()), List.of(asking("a", 3), asking("b", 2)));

    assertThat(callers).containsExactly(Thread.currentThread());
    assertThat(threads).hasSize(2).allMatch(Thread::isVirtual);
  }

  @Test
  void theFirstSearchThatFailsIsTheOneThatIsHeardOf() {
    IllegalArgumentException failure = new IllegalArgumentException("first");
    Rounds.Search<String, String> failing =
        asking -> {
          threads.add(Thread.currentThread());
          asking.ask(List.of("before"));
          throw failure;
        };
    Rounds.Search<String, String> later =
        asking -> {
          asking.ask(List.of("too"));
          throw new IllegalStateException("second");
        };

    assertThatThrownBy(() -> run(asked -> {}, List.of(asking("a", 5), failing, later)))
        .isSameAs(failure);
    assertThat(requests).containsExactly(List.of("a0", "before", "too"));
  }

  @Test
  void anErrorInASearchIsThrownAsItIs() {
    StackOverflowError error = new StackOverflowError();
    Rounds.Search<String, String> failing =
        asking -> {
          threads.add(Thread.currentThread());
          throw error;
        };

    assertThatThrownBy(() -> run(asked -> {}, List.of(failing, asking("b", 2)))).isSameAs(error);
    assertThat(requests).isEmpty();
  }

  @Test
  void aRequestThatFailsStopsAllSearches() {
    IllegalStateException failure = new IllegalStateException("out of memory");
    Consumer<List<String>> request =
        asked -> {
          if (asked.contains("b1")) {
            throw failure;
          }
        };

    assertThatThrownBy(() -> run(request, List.of(asking("a", 9), asking("b", 9))))
        .isSameAs(failure);
    assertThat(requests).hasSize(2);
  }

  @Test
  void aSearchThatHidesThatItWasStoppedIsStoppedAgain() {
    Rounds.Search<String, String> stubborn =
        asking -> {
          threads.add(Thread.currentThread());
          for (int i = 0; i < 3; i++) {
            try {
              asking.ask(List.of("again"));
            } catch (RuntimeException ignored) {
              // as code that catches too much does
            }
          }
          return "done";
        };
    IllegalStateException failure = new IllegalStateException();

    assertThatThrownBy(
            () ->
                run(
                    asked -> {
                      throw failure;
                    },
                    List.of(stubborn)))
        .isSameAs(failure);
  }

  @Test
  void anInterruptEndsTheRunBetweenRequests() {
    Consumer<List<String>> request = asked -> Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run(request, List.of(asking("a", 9), asking("b", 9))))
        .isInstanceOf(SondeException.class)
        .hasMessage("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(requests).hasSize(1);
  }

  @Test
  void anInterruptEndsTheRunWhileASearchWorks() {
    Thread caller = Thread.currentThread();
    Rounds.Search<String, String> working =
        asking -> {
          threads.add(Thread.currentThread());
          caller.interrupt();
          asking.ask(List.of("w"));
          return "w";
        };

    assertThatThrownBy(() -> run(asked -> {}, List.of(working, asking("b", 9))))
        .isInstanceOf(SondeException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
