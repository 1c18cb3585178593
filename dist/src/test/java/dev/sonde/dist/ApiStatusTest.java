package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.ApiStatus;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every public type of the api says how firmly it stands, and a promise rests on promises only. */
class ApiStatusTest {
  private static final Path API = Path.of("..", "api", "target", "classes");

  @Test
  void everyPublicTypeSaysHowFirmlyItStandsAndSinceWhen() throws Exception {
    for (Class<?> type : types()) {
      if (!type.isMemberClass()) {
        ApiStatus status = type.getAnnotation(ApiStatus.class);
        assertThat(status).as("the mark of %s", type.getName()).isNotNull();
        assertThat(status.since()).as("since of %s", type.getName()).matches("\\d+\\.\\d+");
      }
    }
  }

  @Test
  void whatIsStableNamesNothingThatIsNot() throws Exception {
    List<String> broken = new ArrayList<>();
    for (Class<?> type : types()) {
      if (level(type).equals(Optional.of(ApiStatus.Level.STABLE))) {
        for (Type named : named(type)) {
          for (Class<?> each : classes(named)) {
            if (level(each).filter(level -> level != ApiStatus.Level.STABLE).isPresent()) {
              broken.add(type.getName() + " names " + each.getName());
            }
          }
        }
      }
    }
    assertThat(new TreeSet<>(broken)).isEmpty();
  }

  @Test
  void noTypeIsSealedSoThatKindsCanGrow() throws Exception {
    assertThat(types()).noneMatch(Class::isSealed);
  }

  private static List<Class<?>> types() throws IOException, ClassNotFoundException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(API)) {
      files =
          all.filter(f -> f.toString().endsWith(".class"))
              .filter(f -> !f.toString().endsWith("-info.class"))
              .sorted()
              .toList();
    }
    List<Class<?>> types = new ArrayList<>();
    for (Path file : files) {
      String name = API.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
      Class<?> type = Class.forName(name, false, ApiStatusTest.class.getClassLoader());
      if (isVisible(type)) {
        types.add(type);
      }
    }
    assertThat(types).hasSizeGreaterThan(50);
    return types;
  }

  private static boolean isVisible(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (!type.isMemberClass() || isVisible(type.getDeclaringClass()));
  }

  /** The mark of a type of the api, or that of the type around it. */
  private static Optional<ApiStatus.Level> level(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getDeclaringClass()) {
      ApiStatus status = at.getAnnotation(ApiStatus.class);
      if (status != null) {
        return Optional.of(status.value());
      }
    }
    return Optional.empty();
  }

  private static List<Type> named(Class<?> type) {
    List<Type> named = new ArrayList<>(List.of(type.getGenericInterfaces()));
    if (type.getGenericSuperclass() != null) {
      named.add(type.getGenericSuperclass());
    }
    List<Executable> members = new ArrayList<>(List.of(type.getDeclaredConstructors()));
    members.addAll(List.of(type.getDeclaredMethods()));
    for (Executable member : members) {
      if (isVisible(member.getModifiers())) {
        named.addAll(List.of(member.getGenericParameterTypes()));
        if (member instanceof Method method) {
          named.add(method.getGenericReturnType());
        }
      }
    }
    for (Field field : type.getDeclaredFields()) {
      if (isVisible(field.getModifiers())) {
        named.add(field.getGenericType());
      }
    }
    return named;
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static List<Class<?>> classes(Type type) {
    return switch (type) {
      case Class<?> plain when plain.isArray() -> classes(plain.getComponentType());
      case Class<?> plain -> List.of(plain);
      case ParameterizedType generic ->
          Stream.concat(
                  classes(generic.getRawType()).stream(),
                  Stream.of(generic.getActualTypeArguments())
                      .flatMap(each -> classes(each).stream()))
              .<Class<?>>map(each -> each)
              .toList();
      case GenericArrayType array -> classes(array.getGenericComponentType());
      case WildcardType wildcard ->
          Stream.of(wildcard.getUpperBounds())
              .flatMap(each -> classes(each).stream())
              .<Class<?>>map(each -> each)
              .toList();
      default -> List.of();
    };
  }
}
