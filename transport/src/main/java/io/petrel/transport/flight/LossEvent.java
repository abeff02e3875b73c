package io.petrel.transport.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Unsigned;

/** A subscription was told of bytes that will never come. */
@Name("io.petrel.Loss")
@Label("Loss")
@Description("A subscription was told of bytes that will never come.")
@Category("Petrel")
@StackTrace(false)
final class LossEvent extends Event {
  @Label("Session")
  @Unsigned
  long session;

  @Label("Stream")
  int stream;

  @Label("Position")
  long position;

  @Label("Bytes")
  @DataAmount
  long bytes;
}
