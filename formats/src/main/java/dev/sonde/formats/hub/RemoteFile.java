package dev.sonde.formats.hub;

/**
 * A file as the hub announces it.
 *
 * @param name its name in the repository
 * @param etag names its content: SHA-256 of large files, git's blob id of small ones; checked to be
 *     a plain file name
 * @param size bytes
 */
record RemoteFile(String name, String etag, long size) {}
