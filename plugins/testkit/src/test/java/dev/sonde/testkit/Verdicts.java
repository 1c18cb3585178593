package dev.sonde.testkit;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What JUnit says of a contract's checks on some extension. */
record Verdicts(Set<String> passed, Set<String> failed) {
  /** Runs a contract. */
  static Verdicts of(Class<?> contract) {
    Verdicts verdicts = new Verdicts(new TreeSet<>(), new TreeSet<>());
    Launcher launcher = LauncherFactory.create();
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(contract))
            .build(),
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
              boolean fine = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
              (fine ? verdicts.passed : verdicts.failed).add(nameOf(test));
            }
          }
        });
    return verdicts;
  }

  /**
   * The checks of a contract that no wrong extension fails, but for those of every extension.
   *
   * @param right a contract on an extension that passes it; its siblings are on wrong ones
   */
  static Set<String> neverFailed(Class<?> right) {
    Set<String> never = new TreeSet<>(of(right).passed());
    for (Method method : ExtensionContract.class.getDeclaredMethods()) {
      never.remove(method.getName());
    }
    for (Class<?> wrong : right.getEnclosingClass().getDeclaredClasses()) {
      if (wrong.getSuperclass() == right.getSuperclass() && wrong != right) {
        never.removeAll(of(wrong).failed());
      }
    }
    return never;
  }

  private static String nameOf(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getMethodName())
        .orElseThrow();
  }
}
