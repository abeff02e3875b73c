package io.petrel.transport.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Unsigned;

/** A subscription was told that a session ended. */
@Name("io.petrel.SessionDown")
@Label("Session down")
@Description("A subscription was told that a session ended.")
@Category("Petrel")
@StackTrace(false)
final class SessionDownEvent extends Event {
  @Label("Session")
  @Unsigned
  long session;

  @Label("Stream")
  int stream;

  @Label("Peer")
  String peer = "";

  @Label("Reason")
  String reason = "";

  @Label("Position")
  long position;
}
