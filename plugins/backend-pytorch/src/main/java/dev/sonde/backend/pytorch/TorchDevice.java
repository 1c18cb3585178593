package dev.sonde.backend.pytorch;

import ai.djl.Device;
import dev.sonde.api.Resources;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors lie and kernels run.
 *
 * @param kind {@code cpu}, {@code cuda} or {@code mps}
 * @param number which of several, of {@code cuda} only
 */
record TorchDevice(String kind, int number) {
  /** The processor. */
  static final TorchDevice CPU = new TorchDevice(Resources.CPU, 0);

  /** What a user may write. */
  static final String NAMES = "cpu, cuda:N or mps";

  private static final String CUDA = "cuda";
  private static final String MPS = "mps";
  private static final Pattern NAME = Pattern.compile("(cpu|mps|cuda)(?::(\\d{1,3}))?");

  /** A device by its name; empty if there is none of that name. */
  static Optional<TorchDevice> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String kind = matcher.group(1);
    String number = matcher.group(2);
    return number != null && !kind.equals(CUDA)
        ? Optional.empty()
        : Optional.of(new TorchDevice(kind, number == null ? 0 : Integer.parseInt(number)));
  }

  boolean isProcessor() {
    return kind.equals(Resources.CPU);
  }

  boolean isCuda() {
    return kind.equals(CUDA);
  }

  /** As DJL names it. */
  Device device() {
    return switch (kind) {
      case CUDA -> Device.gpu(number);
      case MPS -> Device.of(MPS, -1);
      default -> Device.cpu();
    };
  }

  /**
   * What a number type is called that was computed here: results of another kind of device differ.
   */
  String dtype(String numbers) {
    return isProcessor() ? numbers : numbers + " on " + kind;
  }

  @Override
  public String toString() {
    return isCuda() ? kind + ":" + number : kind;
  }
}
