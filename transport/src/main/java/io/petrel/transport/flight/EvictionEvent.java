package io.petrel.transport.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Unsigned;

/** A publication goes on without receivers that did not keep up or fell silent. */
@Name("io.petrel.Eviction")
@Label("Eviction")
@Description("A publication goes on without receivers that did not keep up or fell silent.")
@Category("Petrel")
@StackTrace(false)
final class EvictionEvent extends Event {
  @Label("Session")
  @Unsigned
  long session;

  @Label("Receivers")
  long receivers;
}
