package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sequence;
import dev.sonde.packing.Sampler;
import dev.sonde.packing.Stops;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Generations, some at a time, each in a room of its own: a step adds a token to every one that
 * runs, and a finished one makes room for the next. Those that run are in the first rooms, as
 * llama.cpp computes rooms that follow each other together.
 */
final class Generations implements GenerationStream {
  private static final int RUNNING_AT_ONCE = 16;

  /** A beginning shorter than this is run again. */
  private static final int WORTH_COPYING = 16;

  private final GenerateRequest request;
  private final OpenLlama open;
  private final Rooms rooms;
  private final Sampler sampler;
  private final Stops stops;
  private final List<Running> running = new ArrayList<>();
  private final Deque<Generation> finished = new ArrayDeque<>();
  private Optional<Generation> current = Optional.empty();
  private Optional<Prompt> prompt = Optional.empty();
  private int upcoming;
  private int sample;

  /** A prompt that was run, for its further samples. */
  private record Prompt(int index, LogitRow next, Map<HookPoint, float[]> rows) {}

  Generations(GenerateRequest request, OpenLlama open, Options options) {
    this.request = request;
    this.open = open;
    this.sampler = new Sampler(request.sampling());
    this.stops = new Stops(request);
    int longest =
        request.sequences().stream().mapToInt(s -> s.length() + s.maxNewTokens()).max().orElse(1);
    int wished = request.sequences().stream().mapToInt(Sequence::samples).sum();
    long each = Math.max(1, open.file().numbers().cacheBytes() * longest);
    if (options.halfCache()) {
      each /= 2;
    }
    int fitting = Math.clamp(options.cacheBytes() / each, 1, RUNNING_AT_ONCE);
    this.rooms = open.rooms(longest, Math.clamp(wished, 1, fitting), this);
  }

  /** One continuation under way. */
  private final class Running {
    private final int index;
    private final int number;
    private final Edits edits;
    private final int[] tokens;
    private final double[] logProbabilities;
    private final Map<HookPoint, List<float[]>> activations = new LinkedHashMap<>();
    private int count;

    Running(int index, int number, Edits edits) {
      this.index = index;
      this.number = number;
      this.edits = edits;
      this.tokens = new int[sequence().maxNewTokens()];
      this.logProbabilities = new double[tokens.length];
    }

    Sequence sequence() {
      return request.sequences().get(index);
    }

    void keep(HookPoint point, float[] row) {
      activations.computeIfAbsent(point, p -> new ArrayList<>()).add(row);
    }

    void add(LogitRow next) {
      tokens[count] = sampler.choose(next, sequence().seed(), number, count);
      logProbabilities[count] = next.logProbability(tokens[count]);
      count++;
    }

    boolean isFinished() {
      return count == tokens.length || stops.after(tokens, count);
    }

    /** The tokens whose keys and values are computed: all but the last. */
    int[] computed() {
      return IntStream.concat(
              IntStream.of(sequence().tokens()), Arrays.stream(tokens, 0, count - 1))
          .toArray();
    }

    Generation generation() {
      return Generation.of(
              index, number, Arrays.copyOf(tokens, count), Arrays.copyOf(logProbabilities, count))
          .with(activations);
    }
  }

  /** Keeps the row of the token that is the last of its sequence so far. */
  private final class Steps implements NodeTap.Sink {
    private final Map<Integer, Integer> lastTokens;
    private final Map<Integer, Map<HookPoint, float[]>> rows = new LinkedHashMap<>();

    /** By room, the token whose rows are kept. */
    Steps(Map<Integer, Integer> lastTokens) {
      this.lastTokens = lastTokens;
    }

    @Override
    public boolean wants(HookPoint point, int room, int token) {
      return lastTokens.getOrDefault(room, -1) == token && request.points().contains(point);
    }

    @Override
    public Set<HookPoint> points() {
      return Set.copyOf(request.points());
    }

    @Override
    public void row(HookPoint point, int room, int token, float[] row) {
      rows.computeIfAbsent(room, r -> new LinkedHashMap<>()).put(point, row);
    }

    Map<HookPoint, float[]> of(int room) {
      return rows.getOrDefault(room, Map.of());
    }
  }

  @Override
  public boolean next() {
    if (finished.isEmpty() && (hasUpcoming() || !running.isEmpty())) {
      open.requireRooms(this);
    }
    while (finished.isEmpty() && (hasUpcoming() || !running.isEmpty())) {
      while (hasUpcoming() && running.size() < rooms.count()) {
        begin();
      }
      sweep();
      if (!running.isEmpty() && finished.isEmpty()) {
        step();
        sweep();
      }
    }
    current = Optional.ofNullable(finished.poll());
    return current.isPresent();
  }

  private boolean hasUpcoming() {
    return upcoming < request.sequences().size();
  }

  @Override
  public Generation generation() {
    return current.orElseThrow(() -> new IllegalStateException("there is no generation"));
  }

  /** Begins the next sample in the first room that is free. */
  private void begin() {
    Sequence sequence = request.sequences().get(upcoming);
    int index = upcoming;
    int number = sample;
    sample++;
    if (sample >= sequence.samples()) {
      sample = 0;
      upcoming++;
    }
    if (sequence.samples() == 0) {
      return;
    }
    if (sequence.maxNewTokens() == 0) {
      finished.add(Generation.of(index, number, new int[0], new double[0]));
      return;
    }
    Running begun = new Running(index, number, new Edits(sequence));
    Prompt run = run(begun, index, running.size());
    run.rows().forEach(begun::keep);
    begun.add(run.next());
    running.add(begun);
  }

  /** Has a room hold a prompt: copied of an earlier sample's, or run. */
  private Prompt run(Running begun, int index, int room) {
    int[] tokens = begun.sequence().tokens();
    if (prompt.filter(p -> p.index() == index).isPresent() && copied(index, tokens, room)) {
      return prompt.get();
    }
    int from = begun.edits.isPlain() ? share(tokens, room) : rooms.cut(room, 0);
    if (from == 0) {
      rooms.cut(room, 0);
    }
    Steps steps = new Steps(Map.of(room, tokens.length - 1));
    LlamaContext context = rooms.context();
    int last = 0;
    for (int at = from; at < tokens.length; ) {
      int to = Math.min(tokens.length, at + context.shape().batch());
      boolean[] outputs = new boolean[to - at];
      outputs[outputs.length - 1] = to == tokens.length;
      LlamaContext.Part part =
          new LlamaContext.Part(room, at, Arrays.copyOfRange(tokens, at, to), outputs);
      decode(List.of(new NodeTap.Fed(part, begun.edits)), steps);
      last = to - at - 1;
      at = to;
    }
    rooms.hold(room, tokens, begun.edits.isPlain());
    LogitRow next = LogitRow.of(context.logits(last, open.vocabulary()));
    Prompt run = new Prompt(index, next, steps.of(room));
    prompt = Optional.of(run);
    return run;
  }

  /** Copies the room of another sample of the same prompt, cut behind the prompt. */
  private boolean copied(int index, int[] tokens, int room) {
    for (int other = 0; other < running.size(); other++) {
      if (running.get(other).index == index) {
        rooms.copy(other, room);
        return rooms.cut(room, tokens.length) == tokens.length;
      }
    }
    return false;
  }

  /** Has a room hold what another has of a prompt's beginning; gives how many tokens. */
  private int share(int[] tokens, int room) {
    int like = rooms.like(tokens);
    int shared = Math.min(rooms.shared(like, tokens), tokens.length - 1);
    if (shared < WORTH_COPYING) {
      return 0;
    }
    rooms.copy(like, room);
    return rooms.cut(room, shared);
  }

  /** Adds a token to everything that runs. */
  private void step() {
    Map<Integer, Integer> lastTokens = new LinkedHashMap<>();
    List<NodeTap.Fed> fed = new ArrayList<>();
    for (int room = 0; room < running.size(); room++) {
      Running each = running.get(room);
      int position = each.sequence().length() + each.count - 1;
      lastTokens.put(room, position);
      int[] token = {each.tokens[each.count - 1]};
      LlamaContext.Part part = new LlamaContext.Part(room, position, token, new boolean[] {true});
      fed.add(new NodeTap.Fed(part, each.edits));
    }
    Steps steps = new Steps(lastTokens);
    decode(fed, steps);
    for (int room = 0; room < running.size(); room++) {
      Running each = running.get(room);
      steps.of(room).forEach(each::keep);
      each.add(LogitRow.of(rooms.context().logits(room, open.vocabulary())));
      rooms.hold(room, each.computed(), each.edits.isPlain());
    }
  }

  private void decode(List<NodeTap.Fed> asked, Steps steps) {
    Optional<float[]> vector =
        open.vectors().of(asked.stream().map(NodeTap.Fed::edits).toList(), steps.points(), open);
    List<NodeTap.Fed> fed =
        vector.isPresent()
            ? asked.stream().map(f -> new NodeTap.Fed(f.part(), f.edits().nothing())).toList()
            : asked;
    NodeTap tap = new NodeTap(open.library(), open.sites(), fed, steps, true);
    try {
      rooms.context().steer(vector.orElse(new float[0]), open.vectors().width());
      rooms
          .context()
          .decode(
              fed.stream().map(NodeTap.Fed::part).toList(),
              tap.isIdle() ? LlamaContext.Tap.NONE : tap);
    } catch (RuntimeException e) {
      rooms.clear(); // what they hold now nobody knows
      throw e;
    }
  }

  /** Takes out what is finished; the last of those that run moves into its room. */
  private void sweep() {
    for (int room = running.size() - 1; room >= 0; room--) {
      if (running.get(room).isFinished()) {
        finished.add(running.get(room).generation());
        int last = running.size() - 1;
        if (room < last) {
          rooms.copy(last, room);
          running.set(room, running.get(last));
        }
        running.remove(last);
      }
    }
  }

  @Override
  public void close() {
    current = Optional.empty();
    upcoming = request.sequences().size();
    running.clear();
    finished.clear();
  }
}
