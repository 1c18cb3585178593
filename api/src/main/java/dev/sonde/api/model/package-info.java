/**
 * Model backends: tokens in, activation streams out.
 *
 * <p>Everything that crosses this interface is data (hook points, selectors, token ids), never
 * code, so that libtorch, plain Java, recorded files or a remote server can implement it. A backend
 * is called by one thread at a time.
 */
package dev.sonde.api.model;
