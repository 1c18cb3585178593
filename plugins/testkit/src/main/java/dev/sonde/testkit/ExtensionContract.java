package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Extension;
import dev.sonde.api.config.Setting;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every factory of a plugin keeps to: users meet it in listings and experiment files. */
public abstract class ExtensionContract {
  /** For sub-classes. */
  protected ExtensionContract() {}

  /** The factory under test. */
  protected abstract Extension factory();

  @Test
  void itsNameCanStandInAnExperimentFile() {
    assertThat(factory().name())
        .as("name(): lower-case words joined by '-', '_' or '.', as they stand in experiment files")
        .matches("[a-z0-9]+([._-][a-z0-9]+)*");
  }

  @Test
  void itsSummaryIsOneLine() {
    assertThat(factory().summary())
        .as("summary(): one line for the list that 'sonde plugins' shows")
        .isNotBlank()
        .doesNotContain("\n");
  }

  @Test
  void everySettingIsExplainedOnceAndItsDefaultIsOneOfItsChoices() {
    Set<String> names = new HashSet<>();
    for (Setting setting : factory().settings().all()) {
      assertThat(names.add(setting.name()))
          .as("the setting '%s' is declared once", setting.name())
          .isTrue();
      assertThat(setting.doc())
          .as("the sentence that explains the setting '%s'", setting.name())
          .isNotBlank();
      if (!setting.choices().isEmpty()) {
        setting
            .defaultValue()
            .ifPresent(
                value ->
                    assertThat(setting.choices())
                        .as("the choices of '%s', with its default", setting.name())
                        .contains(String.valueOf(value)));
      }
    }
  }
}
