/** Training repeated without some documents, and how well scores told what that would do. */
package dev.sonde.probe.influence.check;
