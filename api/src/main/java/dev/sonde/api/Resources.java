package dev.sonde.api;

import java.nio.file.Path;

/**
 * What of the machine a plugin may use.
 *
 * @param threads how many threads at once
 * @param cache a folder for files that can be made again, such as unpacked native libraries; it may
 *     not exist yet
 */
public record Resources(int threads, Path cache) {}
