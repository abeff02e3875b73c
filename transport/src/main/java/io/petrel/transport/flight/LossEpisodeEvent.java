package io.petrel.transport.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Unsigned;

/** A while in which a session lost packets again and again; it has sent them again. */
@Name("io.petrel.LossEpisode")
@Label("Loss Episode")
@Description("A while in which a session lost packets; what was in them is sent again.")
@Category("Petrel")
@StackTrace(false)
final class LossEpisodeEvent extends Event {
  @Label("Session")
  @Unsigned
  long session;

  @Label("Peer")
  String peer = "";

  @Label("Packets")
  long packets;

  @Label("Lasted")
  @Timespan(Timespan.NANOSECONDS)
  long lasted;
}
