package io.petrel.transport.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Unsigned;

/** A subscription was told of a session. */
@Name("io.petrel.SessionUp")
@Label("Session up")
@Description("A subscription was told of a session.")
@Category("Petrel")
@StackTrace(false)
final class SessionUpEvent extends Event {
  @Label("Session")
  @Unsigned
  long session;

  @Label("Stream")
  int stream;

  @Label("Peer")
  String peer = "";
}
