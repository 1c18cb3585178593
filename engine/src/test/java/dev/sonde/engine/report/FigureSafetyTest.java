package dev.sonde.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.report.Figure;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A figure draws its own data and runs nothing of its author's. */
class FigureSafetyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "datum.value > 0.6",
        "datum.line == 'means' && !(datum['a b'] <= -1e-3)",
        "format(datum.x * 100, '.1f') + ' %'",
        "cut < datum.x ? clamp(datum.x, 0, 1) : null",
        "inrange(datum.x, [0, 1])",
        ".5 * PI",
      })
  void arithmeticOfFieldsAndParametersIsAnExpression(String expression) {
    assertThatCode(() -> FigureExpression.check(expression, Set.of("cut")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{toString: event.view.vega.CanvasHandler.prototype.on} + ''",
        "event.view.alert(1)",
        "datum.constructor",
        "datum['constructor']('x')",
        "datum.x('y')",
        "(datum.x)('y')",
        "datum['x']('y')",
        "window",
        "modify('data', 1)",
        "datum.x = 1",
        "datum.x; alert(1)",
        "datum.x `",
        "'unfinished",
        "replace.call('x')",
      })
  void whatReachesFurtherIsRefused(String expression) {
    assertThatThrownBy(() -> FigureExpression.check(expression, Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("figures may compute with fields of datum");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'$schema': 'https://vega.github.io/schema/vega/v5.json', 'marks': []}",
        "{'signals': [{'name': 'x', 'update': 'event.view'}]}",
        "{'encoding': {'x': {'axis': {'values': {'expr': 'event.view'}}}}}",
        "{'encoding': {'x': {'axis': {'values': {'signal': 'event.view'}}}}}",
        "{'layer': [{'transform': [{'filter': {'and': [{'not': 'event.view'}]}}]}]}",
        "{'transform': [{'calculate': 'event.view', 'as': 'x'}]}",
        "{'params': [{'name': 'p', 'select': {'type': 'point', 'on': 'click[event.view]'}}]}",
        "{'encoding': {'text': {'field': 'x', 'formatType': 'mine'}}}",
        "{'config': {'customFormatTypes': true}}",
      })
  void aFigureThatIsMoreThanADrawingIsRefusedByName(String text) {
    assertThatThrownBy(() -> VegaLite.complete(figure(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("figure 'bad': ");
  }

  @Test
  void rowsMayHaveColumnsOfAnyNameAndOptionsOfViewersAreTakenOut() {
    Figure figure =
        figure(
            "{'data': {'values': [{'signal': 'event', 'filter': 'x = 1'}]}, 'mark': 'point',"
                + " 'usermeta': {'embedOptions': {'actions': true}}}");
    assertThat(VegaLite.complete(figure)).containsOnlyKeys("data", "mark");
  }

  private static Figure figure(String text) {
    return Figure.of("bad", "t", "c", text.replace('\'', '"'), List.of());
  }
}
