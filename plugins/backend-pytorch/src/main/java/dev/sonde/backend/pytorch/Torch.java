package dev.sonde.backend.pytorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A started libtorch with the kernels loaded. Tensors belong to a {@link Scope} and are freed with
 * it; what a kernel gives belongs to the scope it was called in.
 */
final class Torch implements AutoCloseable {
  private static final String DJL_CACHE = "DJL_CACHE_DIR";

  private final PtNDManager root;
  private final Loaded loaded;

  /**
   * What every scope works with.
   *
   * @param kernels on the device
   * @param here a number that lies there: kernels that are given no other tensor make theirs beside
   *     it
   */
  private record Loaded(PtSymbolBlock kernels, PtNDArray here) {}

  private Torch(PtNDManager root, PtSymbolBlock kernels) {
    this.root = root;
    this.loaded = new Loaded(kernels, (PtNDArray) root.create(0f));
  }

  /** Starts libtorch on the processor, unpacking its natives into the cache the first time. */
  static Torch start(Resources resources) {
    return start(resources, TorchDevice.CPU);
  }

  /**
   * Starts libtorch on a device.
   *
   * @throws ModelUnavailableException if what would be loaded has not that device
   */
  static Torch start(Resources resources, TorchDevice device) {
    UsersLibtorch.check(device);
    if (System.getenv(DJL_CACHE) == null && System.getProperty(DJL_CACHE) == null) {
      System.setProperty(DJL_CACHE, resources.cache().resolve("djl").toString());
    }
    PtNDManager root = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(device.device());
    JniUtils.setNumThreads(resources.threads());
    try {
      return new Torch(root, JniUtils.loadModule(root, TorchScriptArchive.kernels(), false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (EngineException e) {
      root.close();
      throw new ModelUnavailableException(
          "libtorch finds no device %s here: %s".formatted(device, firstLine(e)), e);
    }
  }

  /** A scope of its own; the caller closes it. */
  Scope scope() {
    return new Scope(loaded, (PtNDManager) root.newSubManager(), false);
  }

  /** A scope whose calls are recorded, so that gradients can be taken. */
  Scope recordingScope() {
    return new Scope(loaded, (PtNDManager) root.newSubManager(), true);
  }

  @Override
  public void close() {
    root.close();
  }

  /** Owns tensors. */
  static final class Scope implements AutoCloseable {
    private final Loaded loaded;
    private final PtNDManager manager;
    private final boolean recording;

    /** Owns the numbers and texts of recorded calls: those lie on the host, whatever the device. */
    private final PtNDManager numbers;

    private Scope(Loaded loaded, PtNDManager manager, boolean recording) {
      this.loaded = loaded;
      this.manager = manager;
      this.recording = recording;
      this.numbers = isOnDevice() && recording ? manager.newSubManager(Device.cpu()) : manager;
    }

    /** A scope inside this one. */
    Scope inner() {
      return new Scope(loaded, (PtNDManager) manager.newSubManager(), recording);
    }

    /** A scope inside this one that records nothing. */
    Scope unrecorded() {
      return new Scope(loaded, (PtNDManager) manager.newSubManager(), false);
    }

    /** A number that lies on the device; kernels make tensors beside it. */
    PtNDArray here() {
      return loaded.here();
    }

    /** Whether tensors lie elsewhere than in the memory of the host. */
    boolean isOnDevice() {
      return !manager.getDevice().equals(Device.cpu());
    }

    /** Waits until a tensor is computed: a device is only told what to do by a call. */
    void await(PtNDArray tensor) {
      if (!isHosted(tensor)) {
        try (Scope step = inner()) {
          host(step.keep(tensor.sum()));
        }
      }
    }

    boolean isRecording() {
      return recording;
    }

    /** Moves a tensor to this scope. */
    PtNDArray keep(PtNDArray tensor) {
      tensor.attach(manager);
      return tensor;
    }

    /**
     * A tensor over existing memory, which must outlive it. On the processor there is no copy of
     * what a byte buffer can hold, 2 GiB; more is copied, and on a device everything.
     *
     * @param cells float32 or float64 numbers in native byte order
     */
    PtNDArray view(MemorySegment cells, DataType type, long... shape) {
      return cells.byteSize() <= Integer.MAX_VALUE
          ? small(cells, type, shape)
          : copied(cells, type, Integer.MAX_VALUE / 2, shape);
    }

    private PtNDArray small(MemorySegment cells, DataType type, long... shape) {
      return manager.create(
          cells.asByteBuffer().order(ByteOrder.nativeOrder()), new Shape(shape), type);
    }

    /**
     * A copy, made in parts.
     *
     * @param mostBytes of a part
     */
    PtNDArray copied(MemorySegment cells, DataType type, long mostBytes, long... shape) {
      long count = cells.byteSize() / type.getNumOfBytes();
      long part = mostBytes / type.getNumOfBytes();
      PtNDArray all = call("vector", here(), count, type == DataType.FLOAT64);
      for (long from = 0; from < count; from += part) {
        long numbers = Math.min(part, count - from);
        long bytes = numbers * type.getNumOfBytes();
        try (Scope step = inner()) {
          MemorySegment some = cells.asSlice(from * type.getNumOfBytes(), bytes);
          step.call("put", all, step.small(some, type, numbers), from);
        }
      }
      return call("shaped", all, shape);
    }

    /** A tensor of whole numbers. */
    PtNDArray integers(int[] values) {
      long[] wide = new long[values.length];
      for (int i = 0; i < values.length; i++) {
        wide[i] = values[i];
      }
      return (PtNDArray) manager.create(wide);
    }

    /** A tensor of float32 numbers. */
    PtNDArray floats(float[] values, long... shape) {
      return (PtNDArray) manager.create(values, new Shape(shape));
    }

    /** A tensor without numbers, which kernels take for one that is not there. */
    PtNDArray none() {
      return floats(new float[0], 0);
    }

    /** Calls a kernel that gives one tensor. */
    PtNDArray call(String kernel, Object... arguments) {
      if (recording) {
        return (PtNDArray) record(kernel, arguments).getFirst();
      }
      IValue[] values = Stream.of(arguments).map(Scope::value).toArray(IValue[]::new);
      try (IValue result = IValueUtils.runMethod(loaded.kernels(), kernel, values)) {
        return result.toTensor(manager);
      } finally {
        Stream.of(values).forEach(IValue::close);
      }
    }

    /** Calls a kernel that gives several tensors. */
    List<PtNDArray> callForMany(String kernel, Object... arguments) {
      if (recording) {
        return record(kernel, arguments).stream().map(PtNDArray.class::cast).toList();
      }
      IValue[] values = Stream.of(arguments).map(Scope::value).toArray(IValue[]::new);
      try (IValue result = IValueUtils.runMethod(loaded.kernels(), kernel, values)) {
        return result.toNDList(manager).stream().map(PtNDArray.class::cast).toList();
      } finally {
        Stream.of(values).forEach(IValue::close);
      }
    }

    /**
     * DJL runs a method with autograd if it takes nothing but tensors and their lists. The graph is
     * run as it is written: libtorch's optimiser would differentiate other formulas from the second
     * call on, and a resumed run would differ in last bits.
     */
    private NDList record(String kernel, Object... arguments) {
      PtNDArray method = (PtNDArray) manager.create(0f);
      method.setName("module_method:" + kernel + TorchScriptArchive.RECORDED);
      NDList inputs = new NDList(method);
      List<PtNDArray> named = new ArrayList<>();
      for (Object argument : arguments) {
        if (argument instanceof PtNDArray[] list) {
          for (PtNDArray each : list) {
            each.setName("list[]");
            named.add(each);
            inputs.add(each);
          }
        } else {
          inputs.add(tensor(argument));
        }
      }
      boolean before = JniUtils.isGradMode();
      try {
        JniUtils.setGradMode(true);
        JniUtils.setGraphExecutorOptimize(false);
        return IValueUtils.forward(loaded.kernels(), inputs, true);
      } finally {
        JniUtils.setGradMode(before);
        JniUtils.setGraphExecutorOptimize(true);
        named.forEach(each -> each.setName(null));
      }
    }

    private NDArray tensor(Object argument) {
      return switch (argument) {
        case PtNDArray tensor -> tensor;
        case Integer number -> numbers.create(number.longValue());
        case Long number -> numbers.create(number.longValue());
        case Double number -> numbers.create(number.doubleValue());
        case Boolean truth -> numbers.create(truth ? 1L : 0L);
        case String text -> numbers.create(text.chars().asLongStream().toArray());
        case long[] list -> numbers.create(list);
        default -> throw new IllegalArgumentException("no kernel takes " + argument.getClass());
      };
    }

    private static IValue value(Object argument) {
      return switch (argument) {
        case PtNDArray tensor -> IValue.from(tensor);
        case Integer number -> IValue.from(number.longValue());
        case Long number -> IValue.from(number.longValue());
        case Double number -> IValue.from(number);
        case Boolean truth -> IValue.from(truth);
        case String text -> IValue.from(text);
        case long[] list -> IValue.listFrom(list);
        case PtNDArray[] list -> IValue.listFrom(list);
        default -> throw new IllegalArgumentException("no kernel takes " + argument.getClass());
      };
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  /**
   * The numbers of a contiguous tensor, in the memory of the host: where they lie, or a copy if
   * they lie on a device. Valid as long as the tensor.
   */
  static MemorySegment host(PtNDArray tensor) {
    PtNDArray here = isHosted(tensor) ? tensor : tensor.toDevice(Device.cpu(), true);
    return MemorySegment.ofBuffer(here.toByteBuffer(true));
  }

  private static boolean isHosted(PtNDArray tensor) {
    return tensor.getDevice().equals(Device.cpu());
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
