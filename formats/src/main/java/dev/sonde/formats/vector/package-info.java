/** Files of directions in the residual stream: control vectors of llama.cpp and repeng, .svec. */
package dev.sonde.formats.vector;
