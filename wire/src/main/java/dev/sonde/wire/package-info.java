/** Messages, and the written forms of models, requests and answers; see the module. */
package dev.sonde.wire;
