/** What kind of head each is: where it looks, on texts and on random tokens that come twice. */
package dev.sonde.probe.position.atlas;
