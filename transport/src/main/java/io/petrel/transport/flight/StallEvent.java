package io.petrel.transport.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** An engine took longer from one turn to the next than its stall-threshold. */
@Name("io.petrel.Stall")
@Label("Stall")
@Description("An engine took longer from one turn to the next than its stall-threshold.")
@Category("Petrel")
@StackTrace(false)
final class StallEvent extends Event {
  @Label("Agent")
  String agent = "";

  @Label("Lasted")
  @Timespan
  long lasted;
}
